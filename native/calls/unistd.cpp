// <unistd.h>.
#include "addon.h"
#include "fast_call.h"
#include "ownership.h"

// int close(int fd);
CALL(close) {
  int fd = a.i32("fd");
  ownership::closes(fd);
  int64_t result = ret(::close(fd));
  ownership::closed(fd);
  return result;
}

// ssize_t read(int fd, void *buf, size_t count);
CALL(read) {
  int fd = a.i32("fd");
  Bytes buf = a.out("buf");
  size_t count = a.size("count");
  return ret(::read(fd, buf.upto(count), count));
}

// ssize_t write(int fd, const void *buf, size_t count);
CALL(write) {
  int fd = a.i32("fd");
  Bytes buf = a.in("buf");
  size_t count = a.size("count");
  return ret(::write(fd, buf.upto(count), count));
}

// int dup(int oldfd);
CALL(dup) { return ownership::handed_out(ret(::dup(a.i32("oldfd")))); }

// int dup2(int oldfd, int newfd);
CALL(dup2) {
  int oldfd = a.i32("oldfd"), newfd = a.i32("newfd");
  int64_t result = ret(::dup2(oldfd, newfd));
  return oldfd == newfd ? result : ownership::handed_out(result);
}

// pipe(2) or pipe2(2) gave `result`, and on success the two descriptors of `pipefd`.
static int64_t two_handed_out(int64_t result, const Bytes &pipefd) {
  if (result < 0) return result;
  int pair[2];
  memcpy(pair, pipefd.exactly(sizeof pair), sizeof pair);
  for (int fd : pair) ownership::handed_out(fd);
  return result;
}

// int pipe(int pipefd[2]);
CALL(pipe) {
  Bytes pipefd = a.out("pipefd");
  return two_handed_out(ret(::pipe(static_cast<int *>(pipefd.exactly(2 * sizeof(int))))), pipefd);
}

#if defined(__linux__)
// int dup3(int oldfd, int newfd, int flags);
CALL(dup3) {
  int oldfd = a.i32("oldfd"), newfd = a.i32("newfd"), flags = a.i32("flags");
  return ownership::handed_out(ret(::dup3(oldfd, newfd, flags)));
}

// int pipe2(int pipefd[2], int flags);
CALL(pipe2) {
  Bytes pipefd = a.out("pipefd");
  int flags = a.i32("flags");
  return two_handed_out(ret(::pipe2(static_cast<int *>(pipefd.exactly(2 * sizeof(int))), flags)), pipefd);
}
#endif

// int gethostname(char *name, size_t len);
CALL(gethostname) {
  Bytes name = a.out("name");
  size_t len = a.size("len");
  return ret(::gethostname(static_cast<char *>(name.exactly(len)), len));
}

// unsigned int sleep(unsigned int seconds);
CALL(sleep) { return ::sleep(a.u32("seconds")); }

// int usleep(useconds_t usec);
CALL(usleep) { return ret(::usleep(a.u32("usec"))); }

static ssize_t read_bytes(int fd, void *bytes, size_t length, int) { return ::read(fd, bytes, length); }
static ssize_t write_bytes(int fd, void *bytes, size_t length, int) { return ::write(fd, bytes, length); }

void init_unistd(Napi::Object exports) {
  EXPORT(close);
  EXPORT(read);
  EXPORT(write);
  EXPORT(dup);
  EXPORT(dup2);
  EXPORT(pipe);
#if defined(__linux__)
  EXPORT(dup3);
  EXPORT(pipe2);
#endif
  EXPORT(gethostname);
  EXPORT(sleep);
  EXPORT(usleep);
  FAST(read_fast, read_bytes);
  FAST(write_fast, write_bytes);
}
