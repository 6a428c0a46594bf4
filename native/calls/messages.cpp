// sendmsg, recvmsg and their vectors, of <sys/socket.h>. A message is a sequence of arguments, its fields; what the
// kernel writes back goes into `results`, memory that lib/ owns.
#include "addon.h"
#include "msghdr.h"
#include "ownership.h"
#include "unsafe_arguments/sockopt_pointers.h"

namespace {
// The messages of one call. All are read, whatever their lengths, since a wrong type is a TypeError before anything
// else: which is the first that the call must not have is only remembered.
class Messages {
public:
  // The caller's next argument. `sends`: the call only reads, so strings serve as memory.
  Messages(Args &a, bool sends, const char *name, const char *type) : sends(sends) {
    pieces.reserve(a.left() / 2); // enough for all: none moves, headers point to them
    a.open();
    int64_t count = a.count(name, type);
    null = count < 0;
    headers.reserve(null ? 0 : static_cast<size_t>(count) + 1); // never null: an empty vector is no null pointer
    for (int64_t i = 0; i < count; i++) read(a);
    a.close();
  }

  // The one message of a call that takes one.
  msghdr *one() { return null ? nullptr : &upto(1)->msg_hdr; }
  // The first `count` of them; the null pointer as it is.
  mmsghdr *upto(size_t count) {
    if (null) return nullptr;
    if (count > headers.size()) throw Errno{EFAULT};
    if (count > good) throw Errno{error};
    return headers.data();
  }

  // Writes the results of the first `count` messages.
  void write_back(const Bytes &results, int64_t count) const {
    auto *rows = static_cast<MessageResult *>(results.upto(0));
    if (rows == nullptr) return;
    size_t room = results.length() / sizeof *rows;
    for (size_t i = 0; static_cast<int64_t>(i) < count && i < room; i++) rows[i] = MessageResult(headers[i]);
  }

private:
  void read(Args &a) {
    msghdr &header = headers.emplace_back().msg_hdr;
    Bytes name = sends ? a.in("msg_name") : a.out("msg_name");
    header.msg_namelen = a.u32("msg_namelen");
    int64_t vector = a.count("msg_iov", "an iovec or an array of them");
    if (vector >= 0) header.msg_iov = pieces.data() + pieces.size();
    int64_t whole = 0; // pieces before the first that is longer than its memory
    for (int64_t i = 0; i < vector; i++) {
      size_t length;
      Bytes base = a.piece("msg_iov", sends, &length);
      if (whole == i && base.has(length)) whole++;
      pieces.push_back({keep(std::move(base)), length});
    }
    size_t iovlen = a.size("msg_iovlen");
    Bytes control = sends ? a.in("msg_control") : a.out("msg_control");
    size_t controllen = a.size("msg_controllen");
    header.msg_flags = a.i32("msg_flags");
    if (!name.has(signed_length(header.msg_namelen)) || !control.has(controllen) || iovlen > INT32_MAX ||
        (vector >= 0 && static_cast<int64_t>(iovlen) > whole)) {
      refuse(EFAULT);
    } else if (sends && !control.null() && controllen != 0) {
      control = control.copy(controllen); // another thread may change shared memory after the check
      if (control_holds_pointer(static_cast<char *>(control.upto(0)), controllen)) refuse(EINVAL);
    }
    header.msg_name = keep(std::move(name));
    header.msg_iovlen = static_cast<decltype(header.msg_iovlen)>(iovlen);
    header.msg_control = keep(std::move(control));
    header.msg_controllen = static_cast<decltype(header.msg_controllen)>(controllen);
  }

  void *keep(Bytes &&bytes) {
    void *pointer = bytes.upto(0);
    if (bytes.owned()) kept.push_back(std::move(bytes));
    return pointer;
  }

  void refuse(int code) {
    if (good != SIZE_MAX) return;
    good = headers.size() - 1;
    error = code;
  }

  bool sends, null = false;
  std::vector<mmsghdr> headers;
  std::vector<iovec> pieces;
  std::vector<Bytes> kept; // strings and copies
  size_t good = SIZE_MAX;  // how many before the first that the call must not have
  int error = 0;
};
} // namespace

// ssize_t sendmsg(int sockfd, const struct msghdr *msg, int flags);
CALL(sendmsg) {
  a.unpack();
  int sockfd = a.i32("sockfd");
  Messages messages(a, true, "msg", "a msghdr");
  int flags = a.i32("flags");
  return ret(::sendmsg(sockfd, messages.one(), flags));
}

// `owner`: the environment that owns descriptors which arrive, or null.
static int64_t receive(Args &a, napi_env owner) {
  a.unpack();
  int sockfd = a.i32("sockfd");
  Messages messages(a, false, "msg", "a msghdr");
  int flags = a.i32("flags");
  Bytes results = a.out("results");
  msghdr *message = messages.one();
  int64_t result = ret(::recvmsg(sockfd, message, flags));
  messages.write_back(results, result < 0 ? 0 : 1);
  if (result >= 0 && message != nullptr) ownership::received(owner, *message, flags);
  return result;
}

// ssize_t recvmsg(int sockfd, struct msghdr *msg, int flags);
CALL(recvmsg) { return receive(a, nullptr); }

// The same for the typed layers: descriptors that arrive are close-on-exec, and their environment's.
CALL(own_recvmsg) { return receive(a, a.env); }

#if defined(__linux__)
// int sendmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags);
CALL(sendmmsg) {
  a.unpack();
  int sockfd = a.i32("sockfd");
  Messages messages(a, true, "msgvec", "an mmsghdr or an array of them");
  unsigned vlen = a.u32("vlen");
  int flags = a.i32("flags");
  Bytes results = a.out("results");
  int64_t result = ret(::sendmmsg(sockfd, messages.upto(vlen), vlen, flags));
  messages.write_back(results, result);
  return result;
}

// int recvmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags, struct timespec *timeout);
CALL(recvmmsg) {
  a.unpack();
  int sockfd = a.i32("sockfd");
  Messages messages(a, false, "msgvec", "an mmsghdr or an array of them");
  unsigned vlen = a.u32("vlen");
  int flags = a.i32("flags");
  Bytes timeout = a.out("timeout"), results = a.out("results");
  auto *time = static_cast<timespec *>(timeout.upto(sizeof(timespec)));
  mmsghdr *vector = messages.upto(vlen);
  int64_t result = ret(::recvmmsg(sockfd, vector, vlen, flags, time));
  messages.write_back(results, result);
  for (int64_t i = 0; i < result; i++) ownership::received(nullptr, vector[i].msg_hdr, flags);
  return result;
}
#endif

void init_messages(Napi::Object exports) {
  EXPORT(sendmsg);
  EXPORT(recvmsg);
  EXPORT(own_recvmsg);
#if defined(__linux__)
  EXPORT(sendmmsg);
  EXPORT(recvmmsg);
#endif
}
