// <stdio.h>.
#include "addon.h"
#include "call.h"
#include "printf_format.h"

// Writes everything, at once. A descriptor that Node's parent left non-blocking is waited for, as C's blocking one
// would be.
static int64_t write_all(int fd, const std::string &text) {
  size_t done = 0;
  while (done < text.size()) {
    ssize_t written = ::write(fd, text.data() + done, text.size() - done);
    if (written >= 0)
      done += static_cast<size_t>(written);
    else if (errno == EAGAIN) {
      pollfd ready = {fd, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR)
      return -errno;
  }
  return static_cast<int64_t>(done);
}

// int printf(const char *format, ...): after the caller's errno (for %m) and the descriptor of stdout, which are
// lib/'s.
CALL(printf) {
  int error, fd;
  {
    Arguments::Part own(a, 0);
    error = a.i32("errno");
    fd = a.i32("stdout");
  }
  Bytes format = a.in("format");
  format.exactly(1);
  return write_all(fd, format_text(a, error, format.text()));
}

// int fprintf(FILE *stream, const char *format, ...): after the caller's errno; the stream as its descriptor.
CALL(fprintf) {
  int error;
  {
    Arguments::Part own(a, 0);
    error = a.i32("errno");
  }
  int fd = a.i32("stream");
  Bytes format = a.in("format");
  format.exactly(1);
  return write_all(fd, format_text(a, error, format.text()));
}

// All of a text to a descriptor, at once: perror, herror.
CALL(write_text) {
  int fd = a.i32("fd");
  Bytes text = a.in("text");
  return write_all(fd, text.text());
}

void init_stdio(Napi::Object exports) {
  EXPORT(printf);
  EXPORT(fprintf);
  EXPORT(write_text);
}
