// <sys/socket.h>.
#include "addon.h"
#include "call.h"
#include "fast_call.h"
#include "msghdr.h"
#include "ownership.h"
#include "unsafe_arguments/guarded_copy.h"
#include "unsafe_arguments/sockopt_pointers.h"

// int socket(int domain, int type, int protocol);
CALL(socket) {
  int domain = a.i32("domain"), type = a.i32("type"), protocol = a.i32("protocol");
  return ownership::handed_out(ret(::socket(domain, type, protocol)));
}

// int socketpair(int domain, int type, int protocol, int sv[2]);
CALL(socketpair) {
  int domain = a.i32("domain"), type = a.i32("type"), protocol = a.i32("protocol");
  Bytes sv = a.out("sv");
  auto *pair = static_cast<int *>(sv.upto(2 * sizeof(int)));
  int64_t result = ret(::socketpair(domain, type, protocol, pair));
  for (int i = 0; result == 0 && i < 2; i++) ownership::handed_out(pair[i]);
  return result;
}

// int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen);
CALL(bind) {
  int sockfd = a.i32("sockfd");
  Bytes addr = a.in("addr");
  socklen_t addrlen = a.u32("addrlen");
  return ret(::bind(sockfd, address(addr, addrlen), addrlen));
}

// int listen(int sockfd, int backlog);
CALL(listen) {
  int sockfd = a.i32("sockfd"), backlog = a.i32("backlog");
  return ret(::listen(sockfd, backlog));
}

// int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen);
CALL(connect) {
  int sockfd = a.i32("sockfd");
  Bytes addr = a.in("addr");
  socklen_t addrlen = a.u32("addrlen");
  return ret(::connect(sockfd, address(addr, addrlen), addrlen));
}

// int f(int sockfd, struct sockaddr *addr, socklen_t *addrlen): accept, getsockname, getpeername.
template <int (*f)(int, sockaddr *, socklen_t *)> static int64_t ask_address(Arguments &a) {
  int sockfd = a.i32("sockfd");
  Bytes addr = a.out("addr");
  Length addrlen(a, "addrlen");
  socklen_t *length = addrlen.of(addr);
  int64_t result = ret(f(sockfd, static_cast<sockaddr *>(addr.upto(0)), length));
  if (result >= 0) addrlen.write_back();
  return result;
}
CALL(accept) { return ownership::handed_out(ask_address<::accept>(a)); }
CALL(getsockname) { return ask_address<::getsockname>(a); }
CALL(getpeername) { return ask_address<::getpeername>(a); }

// int shutdown(int sockfd, int how);
CALL(shutdown) {
  int sockfd = a.i32("sockfd"), how = a.i32("how");
  return ret(::shutdown(sockfd, how));
}

// ssize_t send(int sockfd, const void *buf, size_t len, int flags);
CALL(send) {
  int sockfd = a.i32("sockfd");
  Bytes buf = a.in("buf");
  size_t len = a.size("len");
  int flags = a.i32("flags");
  return ret(::send(sockfd, buf.upto(len), len, flags));
}

// ssize_t recv(int sockfd, void *buf, size_t len, int flags);
CALL(recv) {
  int sockfd = a.i32("sockfd");
  Bytes buf = a.out("buf");
  size_t len = a.size("len");
  int flags = a.i32("flags");
  return ret(::recv(sockfd, buf.upto(len), len, flags));
}

// ssize_t sendto(int sockfd, const void *buf, size_t len, int flags, const struct sockaddr *dest_addr, socklen_t
// addrlen);
CALL(sendto) {
  int sockfd = a.i32("sockfd");
  Bytes buf = a.in("buf");
  size_t len = a.size("len");
  int flags = a.i32("flags");
  Bytes dest_addr = a.in("dest_addr");
  socklen_t addrlen = a.u32("addrlen");
  return ret(::sendto(sockfd, buf.upto(len), len, flags, address(dest_addr, addrlen), addrlen));
}

// ssize_t recvfrom(int sockfd, void *buf, size_t len, int flags, struct sockaddr *src_addr, socklen_t *addrlen);
CALL(recvfrom) {
  int sockfd = a.i32("sockfd");
  Bytes buf = a.out("buf");
  size_t len = a.size("len");
  int flags = a.i32("flags");
  Bytes src_addr = a.out("src_addr");
  Length addrlen(a, "addrlen");
  void *memory = buf.upto(len);
  socklen_t *length = addrlen.of(src_addr);
  int64_t result = ret(::recvfrom(sockfd, memory, len, flags, static_cast<sockaddr *>(src_addr.upto(0)), length));
  if (result >= 0) addrlen.write_back();
  return result;
}

// int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen);
CALL(getsockopt) {
  int sockfd = a.i32("sockfd"), level = a.i32("level"), optname = a.i32("optname");
  Bytes optval = a.out("optval");
  Length optlen(a, "optlen");
  socklen_t *length = optlen.of(optval);
  if (length != nullptr) optval.upto(sockopt_bytes(level, optname, optlen.value));
  SockoptMemory kind = sockopt_memory(SockoptCall::get, level, optname);
  if (kind == SockoptMemory::pointer) return -EINVAL;
  int64_t result;
  if (kind == SockoptMemory::counted) {
    GuardedCopy copy(optval);
    result = ret(::getsockopt(sockfd, level, optname, copy.pointer(), length));
    if (result >= 0) copy.write_back();
  } else {
    result = ret(::getsockopt(sockfd, level, optname, optval.upto(0), length));
  }
  optlen.write_back(); // of a failure too: with ERANGE it says how much is needed
  return result;
}

// setsockopt(2) with a sock_fprog, whose pointer is made here.
static int64_t attach_filter([[maybe_unused]] int sockfd, [[maybe_unused]] int level, [[maybe_unused]] int optname,
                             [[maybe_unused]] unsigned short len, [[maybe_unused]] const Bytes &filter,
                             [[maybe_unused]] socklen_t optlen) {
#ifdef SO_ATTACH_FILTER
  sock_fprog program = {len, static_cast<sock_filter *>(filter.upto(len * sizeof(sock_filter)))};
  if (signed_length(optlen) > sizeof program) return -EFAULT;
  return ret(::setsockopt(sockfd, level, optname, &program, optlen));
#else
  return -ENOPROTOOPT;
#endif
}

// int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen): optval as the caller gave
// it. After optlen follow the fields of a sock_fprog { unsigned short len; struct sock_filter *filter; }, if it is one.
CALL(setsockopt) {
  int sockfd = a.i32("sockfd"), level = a.i32("level"), optname = a.i32("optname");
  napi_value value = a.next();
  Bytes optval;
  SockoptMemory kind = sockopt_memory(SockoptCall::set, level, optname);
  if (kind == SockoptMemory::sock_fprog) {
    bool fields = a.left() > 1;
    if (!fields && !(optval.take(a.env, value, false) && optval.null()))
      a.wrong("optval", "a sock_fprog or null", value);
    socklen_t optlen = a.u32("optlen");
    if (!fields) return ret(::setsockopt(sockfd, level, optname, optval.upto(0), optlen));
    Arguments::Part part(a, 4);
    unsigned short len = a.integer<unsigned short>("len");
    Bytes filter = a.out("filter");
    return attach_filter(sockfd, level, optname, len, filter, optlen);
  }
  if (!optval.take(a.env, value, true)) a.wrong("optval", expected_text, value);
  socklen_t optlen = a.u32("optlen");
  void *memory = optval.upto(signed_length(optlen));
  if (kind == SockoptMemory::pointer) return -EINVAL;
  return ret(::setsockopt(sockfd, level, optname, memory, optlen));
}

// int accept4(int sockfd, struct sockaddr *addr, socklen_t *addrlen, int flags);
CALL(accept4) {
  int sockfd = a.i32("sockfd");
  Bytes addr = a.out("addr");
  Length addrlen(a, "addrlen");
  int flags = a.i32("flags");
#ifdef SOCK_NONBLOCK
  socklen_t *length = addrlen.of(addr);
  int64_t result = ret(::accept4(sockfd, static_cast<sockaddr *>(addr.upto(0)), length, flags));
  if (result >= 0) addrlen.write_back();
  return ownership::handed_out(result);
#else
  return (void)sockfd, (void)flags, -ENOSYS;
#endif
}

// int sockatmark(int sockfd);
CALL(sockatmark) { return ret(::sockatmark(a.i32("sockfd"))); }

// ssize_t sendmsg(int sockfd, const struct msghdr *msg, int flags);
CALL(sendmsg) {
  a.spread();
  int sockfd = a.i32("sockfd");
  Messages messages(a, true);
  int flags = a.i32("flags");
  return ret(::sendmsg(sockfd, messages.one(), flags));
}

// `owner`: the environment that owns descriptors which arrive, or null.
static int64_t receive(Arguments &a, napi_env owner) {
  a.spread();
  int sockfd = a.i32("sockfd");
  Messages messages(a, false);
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
  a.spread();
  int sockfd = a.i32("sockfd");
  Messages messages(a, true);
  unsigned vlen = a.u32("vlen");
  int flags = a.i32("flags");
  Bytes results = a.out("results");
  int64_t result = ret(::sendmmsg(sockfd, messages.upto(vlen), vlen, flags));
  messages.write_back(results, result);
  return result;
}

// int recvmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags, struct timespec *timeout);
CALL(recvmmsg) {
  a.spread();
  int sockfd = a.i32("sockfd");
  Messages messages(a, false);
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

static ssize_t send_bytes(int fd, void *bytes, size_t length, int flags) { return ::send(fd, bytes, length, flags); }
static ssize_t recv_bytes(int fd, void *bytes, size_t length, int flags) { return ::recv(fd, bytes, length, flags); }

void init_sys_socket(Napi::Object exports) {
  EXPORT(socket);
  EXPORT(socketpair);
  EXPORT(bind);
  EXPORT(listen);
  EXPORT(connect);
  EXPORT(accept);
  EXPORT(getsockname);
  EXPORT(getpeername);
  EXPORT(accept4);
  EXPORT(sockatmark);
  EXPORT(shutdown);
  EXPORT(send);
  EXPORT(recv);
  EXPORT(sendto);
  EXPORT(recvfrom);
  EXPORT(getsockopt);
  EXPORT(setsockopt);
  EXPORT(sendmsg);
  EXPORT(recvmsg);
  EXPORT(own_recvmsg);
#if defined(__linux__)
  EXPORT(sendmmsg);
  EXPORT(recvmmsg);
#endif
  FAST(send_fast, send_bytes);
  FAST(recv_fast, recv_bytes);
  FAST(send_view, send_bytes, 0);
  FAST(recv_view, recv_bytes, 0);
}
