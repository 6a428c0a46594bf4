// <sys/uio.h>.
#include "addon.h"
#include "call.h"
#include "iovec.h"

Iovec::Iovec(Arguments &a, const char *name, bool text) {
  napi_value memory = a.next();
  if (!base.take(a.env, memory, text)) a.wrong(name, "a vector of iovecs whose iov_base is a pointer", memory);
  napi_value size = a.next();
  uint64_t bits;
  if (!a.whole(size, true, &bits)) a.wrong(name, "a vector of iovecs whose iov_len is an integer or a bigint", size);
  length = static_cast<size_t>(bits);
}

// ssize_t f(int fd, const struct iovec *iov, int iovcnt): readv, writev.
template <ssize_t (*f)(int, const iovec *, int)> static int64_t vector_io(Arguments &a, bool text) {
  a.spread();
  int fd = a.i32("fd");
  auto iov = [&] {
    Arguments::Part part(a);
    return Iovecs(a, "iov", text);
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
