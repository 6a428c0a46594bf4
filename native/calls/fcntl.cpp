// <fcntl.h>.
#include "addon.h"
#include "ownership.h"

namespace {
// What a command's third argument is: nothing or an int, or memory of this many bytes. A command that the table does
// not know gets no argument of the caller's: were it a pointer, the kernel would write to wherever the number says.
struct Command {
  int cmd;
  size_t bytes; // 0: an int
};

const Command commands[] = {
    {F_DUPFD, 0},
    {F_DUPFD_CLOEXEC, 0},
    {F_GETFD, 0},
    {F_SETFD, 0},
    {F_GETFL, 0},
    {F_SETFL, 0},
    {F_GETOWN, 0},
    {F_SETOWN, 0},
    {F_GETLK, sizeof(struct flock)},
    {F_SETLK, sizeof(struct flock)},
    {F_SETLKW, sizeof(struct flock)},
#ifdef F_OFD_GETLK
    {F_OFD_GETLK, sizeof(struct flock)},
    {F_OFD_SETLK, sizeof(struct flock)},
    {F_OFD_SETLKW, sizeof(struct flock)},
#endif
#ifdef F_SETSIG
    {F_GETSIG, 0},
    {F_SETSIG, 0},
    {F_GETLEASE, 0},
    {F_SETLEASE, 0},
    {F_NOTIFY, 0},
    {F_GETPIPE_SZ, 0},
    {F_SETPIPE_SZ, 0},
    {F_GETOWN_EX, 2 * sizeof(int)},
    {F_SETOWN_EX, 2 * sizeof(int)},
#endif
#ifdef F_ADD_SEALS
    {F_ADD_SEALS, 0},
    {F_GET_SEALS, 0},
#endif
#ifdef F_GET_RW_HINT
    {F_GET_RW_HINT, sizeof(uint64_t)},
    {F_SET_RW_HINT, sizeof(uint64_t)},
    {F_GET_FILE_RW_HINT, sizeof(uint64_t)},
    {F_SET_FILE_RW_HINT, sizeof(uint64_t)},
#endif
#ifdef F_SETNOSIGPIPE
    {F_SETNOSIGPIPE, 0},
    {F_GETNOSIGPIPE, 0},
#endif
#ifdef F_FULLFSYNC
    {F_FULLFSYNC, 0},
#endif
#ifdef F_NOCACHE
    {F_NOCACHE, 0},
#endif
#ifdef F_RDAHEAD
    {F_RDAHEAD, 0},
#endif
#ifdef F_GETPATH
    {F_GETPATH, PATH_MAX},
#endif
};

const Command *find(int cmd) {
  for (const Command &row : commands) {
    if (row.cmd == cmd) return &row;
  }
  return nullptr;
}
} // namespace

// int fcntl(int fd, int cmd, ... /* arg */): an object as the caller gave it, then its memory.
CALL(fcntl) {
  int fd = a.i32("fd"), cmd = a.i32("cmd");
  const Command *row = find(cmd);
  bool makes = cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC;
  if (!a.more()) return makes ? ownership::handed_out(ret(::fcntl(fd, cmd, 0))) : ret(::fcntl(fd, cmd, 0));
  if (row == nullptr) return -EINVAL;
  if (row->bytes == 0) {
    int64_t result = ret(::fcntl(fd, cmd, a.i32("arg")));
    return makes ? ownership::handed_out(result) : result;
  }
  Bytes arg = a.memory_of("arg");
  return ret(::fcntl(fd, cmd, arg.upto(row->bytes)));
}

// fcntl(fd, F_GETOWN), whose result may be negative (a process group) and is no errno: it is left in `owner`.
CALL(fcntl_getown) {
  int fd = a.i32("fd");
  Bytes owner = a.out("owner");
  errno = 0;
  int result = ::fcntl(fd, F_GETOWN);
  if (result == -1 && errno != 0) return -errno;
  memcpy(owner.exactly(sizeof result), &result, sizeof result);
  return 0;
}

void init_fcntl(Napi::Object exports) {
  EXPORT(fcntl);
  EXPORT(fcntl_getown);
}
