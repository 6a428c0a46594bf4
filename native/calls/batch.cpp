// MessageBatch: recvmmsg and sendmmsg over memory that is prepared once. lib/socket/batch.ts owns plain arrays of
// bytes; the headers with their pointers are built here for each call and never shown to JavaScript, which could forge
// them.
#include "addon.h"
#include "call.h"
#include "msghdr.h"
#include "ownership.h"
#include "unsafe_arguments/sockopt_pointers.h"

#if defined(__linux__)
namespace {
constexpr unsigned most = 1024; // UIO_MAXIOV: what the kernel takes at once
constexpr size_t name_bytes = sizeof(sockaddr_storage);

struct Batch {
  explicit Batch(Arguments &a)
      : env(a.env), fd(a.i32("fd")), data(a.out("data")), names(a.out("names")), control(a.out("control")),
        entries(a.out("entries")), first(a.u32("first")), count(a.u32("count")), size(a.size("size")),
        control_size(a.size("controlSize")), flags(a.i32("flags")) {
    // Numbers of lib/'s own, but the caller's subclass may have been at them: no product overflows, no row lies
    // outside.
    if (count > most || first > INT32_MAX || size > INT32_MAX || control_size > INT32_MAX) throw Errno{EINVAL};
    size_t rows = static_cast<size_t>(first) + count;
    data.exactly(rows * size);
    names.exactly(rows * name_bytes);
    if (control_size != 0) control.exactly(rows * control_size);
    entries.exactly(rows * sizeof(MessageResult));
  }

  MessageResult *entry(unsigned i) const { return static_cast<MessageResult *>(entries.upto(0)) + first + i; }

  // The headers; each as large as its room, or as long as its entry says.
  int64_t call(bool send) {
    mmsghdr headers[most];
    iovec pieces[most];
    char *bytes = static_cast<char *>(data.upto(0)), *addresses = static_cast<char *>(names.upto(0)),
         *controls = static_cast<char *>(control.upto(0));
    std::vector<char> checked; // a copy of what is sent: shared memory may change after the check
    if (send && control_size != 0) {
      checked.assign(controls, controls + (static_cast<size_t>(first) + count) * control_size);
      controls = checked.data();
    }
    for (unsigned i = 0; i < count; i++) {
      size_t row = static_cast<size_t>(first) + i;
      const MessageResult own = *entry(i); // a copy: the memory may be shared
      auto length = [&](int32_t said, size_t room) {
        size_t wanted = said < 0 ? 0 : static_cast<size_t>(said);
        return !send || wanted > room ? room : wanted;
      };
      pieces[i] = {bytes + row * size, length(own.length, size)};
      msghdr &header = headers[i].msg_hdr;
      header = {};
      header.msg_namelen = static_cast<socklen_t>(length(own.namelen, name_bytes));
      header.msg_name = header.msg_namelen == 0 ? nullptr : addresses + row * name_bytes;
      header.msg_iov = &pieces[i];
      header.msg_iovlen = 1;
      header.msg_controllen = length(own.controllen, control_size);
      header.msg_control = header.msg_controllen == 0 ? nullptr : controls + row * control_size;
      if (send && control_holds_pointer(static_cast<char *>(header.msg_control), header.msg_controllen))
        throw Errno{EINVAL};
      headers[i].msg_len = 0;
    }
    int64_t result = ret(send ? ::sendmmsg(fd, headers, count, flags) : ::recvmmsg(fd, headers, count, flags, nullptr));
    for (unsigned i = 0; !send && static_cast<int64_t>(i) < result; i++) {
      if (control_size != 0) ownership::received(env, headers[i].msg_hdr, flags);
      *entry(i) = MessageResult(headers[i]);
    }
    return result;
  }

  napi_env env;
  int fd;
  Bytes data, names, control, entries;
  unsigned first, count;
  size_t size, control_size;
  int flags;
};
} // namespace

CALL(recv_batch) { return Batch(a).call(false); }
CALL(send_batch) { return Batch(a).call(true); }
#endif

void init_batch([[maybe_unused]] Napi::Object exports) {
#if defined(__linux__)
  EXPORT(recv_batch);
  EXPORT(send_batch);
#endif
}
