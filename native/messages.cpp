// Room: sendmsg, recvmsg and their vectors, of <sys/socket.h>. lib/ flattens a msghdr to its fields; what the kernel
// writes back (lengths and flags) goes into `results`, an Int32Array of lib/'s own, four numbers a message.
#include "addon.h"
#include "sockopt_pointers.h"

namespace {
constexpr uint32_t fields_of_msghdr = 7;

// One struct msghdr, and the memory of its pointers.
class Message {
public:
  // `text`: the call only reads, so strings serve as memory.
  Message(Args fields, bool text)
      : name(text ? fields.in("msg_name") : fields.out("msg_name")), namelen(fields.u32("msg_namelen")),
        iov(fields.iov("msg_iov", text)), iovlen(fields.size("msg_iovlen")),
        control(text ? fields.in("msg_control") : fields.out("msg_control")), controllen(fields.size("msg_controllen")),
        flags(fields.i32("msg_flags")), sends(text) {}

  // The header, with every length checked against its memory.
  msghdr header() {
    msghdr result = {};
    result.msg_name = name.upto(signed_length(namelen));
    result.msg_namelen = namelen;
    if (iovlen > INT32_MAX) throw Errno{EFAULT}; // no JavaScript array is that long
    result.msg_iov = iov.upto(static_cast<int64_t>(iovlen));
    result.msg_iovlen = static_cast<decltype(result.msg_iovlen)>(iovlen);
    result.msg_control = control.upto(controllen);
    if (sends && result.msg_control != nullptr && controllen != 0) {
      // A copy: another thread may change shared memory after the check.
      const char *bytes = static_cast<const char *>(result.msg_control);
      checked.assign(bytes, bytes + controllen);
      if (control_holds_pointer(checked.data(), controllen)) throw Errno{EINVAL};
      result.msg_control = checked.data();
    }
    result.msg_controllen = static_cast<decltype(result.msg_controllen)>(controllen);
    result.msg_flags = flags;
    return result;
  }

private:
  Bytes name;
  socklen_t namelen;
  Iov iov;
  size_t iovlen;
  Bytes control;
  size_t controllen;
  int flags;
  bool sends;
  std::vector<char> checked; // the control data that the kernel gets
};

void write_back(int32_t *results, const msghdr &header, unsigned length) {
  results[0] = static_cast<int32_t>(header.msg_namelen);
  results[1] = static_cast<int32_t>(header.msg_controllen);
  results[2] = header.msg_flags;
  results[3] = static_cast<int32_t>(length);
}
} // namespace

// ssize_t sendmsg(int sockfd, const struct msghdr *msg, int flags);
CALL(sendmsg) {
  int sockfd = a.i32("sockfd");
  if (a.null()) return ret(::sendmsg(sockfd, nullptr, a.i32("flags")));
  Message message(a.fields("msg", "a msghdr", fields_of_msghdr), true);
  int flags = a.i32("flags");
  msghdr header = message.header();
  return ret(::sendmsg(sockfd, &header, flags));
}

// ssize_t recvmsg(int sockfd, struct msghdr *msg, int flags);
CALL(recvmsg) {
  int sockfd = a.i32("sockfd");
  if (a.null()) return ret(::recvmsg(sockfd, nullptr, a.i32("flags")));
  Message message(a.fields("msg", "a msghdr", fields_of_msghdr), false);
  int flags = a.i32("flags");
  Bytes results = a.out("results");
  msghdr header = message.header();
  int32_t *written = static_cast<int32_t *>(results.exactly(4 * sizeof(int32_t)));
  int64_t result = ret(::recvmsg(sockfd, &header, flags));
  if (result >= 0) write_back(written, header, static_cast<unsigned>(result));
  return result;
}

#if defined(__linux__)
namespace {
std::vector<Message> messages_of(Args &a, bool text) {
  std::vector<Message> result;
  for (Args &fields : a.vector("msgvec", "an mmsghdr or an array of them", fields_of_msghdr)) {
    result.emplace_back(std::move(fields), text);
  }
  return result;
}

std::vector<mmsghdr> headers_of(std::vector<Message> &messages, unsigned vlen) {
  if (vlen > messages.size()) throw Errno{EFAULT};
  std::vector<mmsghdr> result(vlen == 0 ? 1 : vlen); // never null: an empty vector is no null pointer
  for (unsigned i = 0; i < vlen; i++) result[i].msg_hdr = messages[i].header();
  return result;
}

void write_back(const Bytes &results, const std::vector<mmsghdr> &headers, int64_t count) {
  int32_t *written = static_cast<int32_t *>(results.upto(headers.size() * 4 * sizeof(int32_t)));
  for (size_t i = 0; static_cast<int64_t>(i) < count; i++)
    write_back(written + 4 * i, headers[i].msg_hdr, headers[i].msg_len);
}
} // namespace

// int sendmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags);
CALL(sendmmsg) {
  int sockfd = a.i32("sockfd");
  bool null = a.null();
  std::vector<Message> messages = null ? std::vector<Message>() : messages_of(a, true);
  unsigned vlen = a.u32("vlen");
  int flags = a.i32("flags");
  Bytes results = a.out("results");
  if (null) return ret(::sendmmsg(sockfd, nullptr, vlen, flags));
  std::vector<mmsghdr> headers = headers_of(messages, vlen);
  int64_t result = ret(::sendmmsg(sockfd, headers.data(), vlen, flags));
  write_back(results, headers, result);
  return result;
}

// int recvmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags, struct timespec *timeout);
CALL(recvmmsg) {
  int sockfd = a.i32("sockfd");
  bool null = a.null();
  std::vector<Message> messages = null ? std::vector<Message>() : messages_of(a, false);
  unsigned vlen = a.u32("vlen");
  int flags = a.i32("flags");
  Bytes timeout = a.out("timeout"), results = a.out("results");
  timespec *time = static_cast<timespec *>(timeout.upto(sizeof(timespec)));
  if (null) return ret(::recvmmsg(sockfd, nullptr, vlen, flags, time));
  std::vector<mmsghdr> headers = headers_of(messages, vlen);
  int64_t result = ret(::recvmmsg(sockfd, headers.data(), vlen, flags, time));
  write_back(results, headers, result);
  return result;
}
#endif

void init_messages(Napi::Object exports) {
  EXPORT(sendmsg);
  EXPORT(recvmsg);
#if defined(__linux__)
  EXPORT(sendmmsg);
  EXPORT(recvmmsg);
#endif
}
