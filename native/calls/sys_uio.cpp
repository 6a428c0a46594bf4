// Room: <sys/uio.h>.
#include "addon.h"
#include "call.h"

// ssize_t f(int fd, const struct iovec *iov, int iovcnt): readv, writev.
template <ssize_t (*f)(int, const iovec *, int)> static int64_t vector_io(Args &a, bool text) {
  a.unpack();
  int fd = a.i32("fd");
  a.open();
  Iov iov = a.iov("iov", text);
  a.close();
  int iovcnt = a.i32("iovcnt");
  return ret(f(fd, iov.upto(iovcnt), iovcnt));
}
CALL(readv) { return vector_io<::readv>(a, false); }
CALL(writev) { return vector_io<::writev>(a, true); }

void init_sys_uio(Napi::Object exports) {
  EXPORT(readv);
  EXPORT(writev);
}
