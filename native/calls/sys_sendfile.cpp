// sendfile and splice: <sys/sendfile.h> and <fcntl.h> on Linux, <sys/socket.h> on macOS.
#include "addon.h"
#include "call.h"
#include "iovec.h"

#if defined(__linux__)
// An offset that the call reads and writes.
template <typename T> static T *offset_of(const Bytes &offset) { return static_cast<T *>(offset.upto(sizeof(T))); }

// ssize_t sendfile(int out_fd, int in_fd, off_t *offset, size_t count);
CALL(sendfile) {
  int out_fd = a.i32("out_fd"), in_fd = a.i32("in_fd");
  Bytes offset = a.out("offset");
  size_t count = a.size("count");
  return ret(::sendfile(out_fd, in_fd, offset_of<off_t>(offset), count));
}

// ssize_t splice(int fd_in, loff_t *off_in, int fd_out, loff_t *off_out, size_t len, unsigned int flags);
CALL(splice) {
  int fd_in = a.i32("fd_in");
  Bytes off_in = a.out("off_in");
  int fd_out = a.i32("fd_out");
  Bytes off_out = a.out("off_out");
  size_t len = a.size("len");
  unsigned flags = a.u32("flags");
  return ret(::splice(fd_in, offset_of<loff_t>(off_in), fd_out, offset_of<loff_t>(off_out), len, flags));
}
#else
// int sendfile(int fd, int s, off_t offset, off_t *len, struct sf_hdtr *hdtr, int flags): hdtr as the caller gave it.
// After flags follow the fields of an sf_hdtr { headers, hdr_cnt, trailers, trl_cnt }, if it is one.
CALL(sendfile) {
  int fd = a.i32("fd"), s = a.i32("s");
  off_t offset = a.integer<off_t>("offset");
  Bytes len = a.out("len");
  napi_value value = a.next();
  bool fields = a.left() > 1;
  Bytes none;
  if (!fields && !(none.take(a.env, value, false) && none.null())) a.wrong("hdtr", "an sf_hdtr or null", value);
  int flags = a.i32("flags");
  off_t *length = static_cast<off_t *>(len.upto(sizeof(off_t)));
  if (!fields) return ret(::sendfile(fd, s, offset, length, nullptr, flags));
  Arguments::Part part(a, 5);
  Iovecs headers(a, true);
  int hdr_cnt = a.i32("hdr_cnt");
  Iovecs trailers(a, true);
  int trl_cnt = a.i32("trl_cnt");
  sf_hdtr hdtr = {headers.upto(hdr_cnt), hdr_cnt, trailers.upto(trl_cnt), trl_cnt};
  return ret(::sendfile(fd, s, offset, length, &hdtr, flags));
}
#endif

void init_sys_sendfile(Napi::Object exports) {
  EXPORT(sendfile);
#if defined(__linux__)
  EXPORT(splice);
#endif
}
