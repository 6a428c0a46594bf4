// <sys/uio.h>.
#include "addon.h"
#include "call.h"
#include "iovec.h"

Iovec::Iovec(Arguments &a, bool text) : base(text ? a.in("iov_base") : a.out("iov_base")), length(a.size("iov_len")) {}

// ssize_t f(int fd, const struct iovec *iov, int iovcnt): readv, writev.
template <ssize_t (*f)(int, const iovec *, int)> static int64_t vector_io(Arguments &a, bool text) {
  a.spread();
  int fd = a.i32("fd");
  auto iov = [&] {
    Arguments::Part part(a);
    return Iovecs(a, text);
  }();
  int iovcnt = a.i32("iovcnt");
  return ret(f(fd, iov.upto(iovcnt), iovcnt));
}
CALL(readv) { return vector_io<::readv>(a, false); }
CALL(writev) { return vector_io<::writev>(a, true); }

void init_sys_uio(Napi::Object exports) {
  EXPORT(readv);
  EXPORT(writev);
}
