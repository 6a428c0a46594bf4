// How a msghdr crosses from lib/ and back. lib/addon/msghdr.ts has the same orders.
//   arguments   msg_name, msg_namelen, the iovecs (their number, then iov_base and iov_len of each), msg_iovlen,
//               msg_control, msg_controllen, msg_flags
//   results     a row of MessageResult for each message
#pragma once
#include "os.h"
#include <cstdint>

#if !defined(__linux__)
struct mmsghdr {
  msghdr msg_hdr;
  unsigned msg_len;
};
#endif

// What the kernel writes back of one message.
struct MessageResult {
  int32_t namelen, controllen, flags, length;

  explicit MessageResult(const mmsghdr &message)
      : namelen(static_cast<int32_t>(message.msg_hdr.msg_namelen)),
        controllen(static_cast<int32_t>(message.msg_hdr.msg_controllen)), flags(message.msg_hdr.msg_flags),
        length(static_cast<int32_t>(message.msg_len)) {}
};
