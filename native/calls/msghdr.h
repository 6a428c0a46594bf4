// The messages of sendmsg, recvmsg and their vectors, and how a msghdr crosses from lib/ and back. lib/addon/msghdr.ts
// has the same orders.
//   arguments   msg_name, msg_namelen, the iovecs (their number, then iov_base and iov_len of each), msg_iovlen,
//               msg_control, msg_controllen, msg_flags
//   results     a row of MessageResult for each message
#pragma once
#include "arguments.h"
#include <vector>

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

// The messages of one call. All are read, whatever their lengths are, because a wrong type is a TypeError before
// anything else; the first one that the kernel must not see is remembered, and refused by one() or upto().
class Messages {
public:
  // The caller's next argument. `sends`: the call only reads, so strings serve as memory.
  Messages(Arguments &a, bool sends);

  // The message of a call that takes one.
  msghdr *one() { return null ? nullptr : &upto(1)->msg_hdr; }
  // The first `count` of them; the null pointer as it is.
  mmsghdr *upto(size_t count);
  // Writes the results of the first `count` messages.
  void write_back(const Bytes &results, int64_t count) const;

private:
  void read(Arguments &a);
  void *keep(Bytes &&bytes);
  void refuse(int code);

  bool sends, null = false;
  std::vector<mmsghdr> headers;
  std::vector<iovec> pieces;
  std::vector<Bytes> kept; // strings and copies
  size_t good = SIZE_MAX;  // how many stand before the first that is refused
  int error = 0;           // with which it is refused
};
