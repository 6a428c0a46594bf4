// <sys/select.h>.
#include "addon.h"
#include "call.h"

// What the kernel may read and write of a set for `nfds` descriptors: whole longs.
static fd_set *set_of(const Bytes &set, int nfds) {
  size_t bits = nfds < 0 ? 0 : static_cast<size_t>(nfds); // negative: the kernel refuses it
  return static_cast<fd_set *>(set.upto((bits + 8 * sizeof(long) - 1) / (8 * sizeof(long)) * sizeof(long)));
}

// int select(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, struct timeval *timeout);
CALL(select) {
  int nfds = a.i32("nfds");
  Bytes readfds = a.out("readfds"), writefds = a.out("writefds"), exceptfds = a.out("exceptfds"),
        timeout = a.out("timeout");
  return ret(::select(nfds, set_of(readfds, nfds), set_of(writefds, nfds), set_of(exceptfds, nfds),
                      static_cast<timeval *>(timeout.upto(sizeof(timeval)))));
}

// int pselect(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, const struct timespec *timeout,
//             const sigset_t *sigmask);
CALL(pselect) {
  int nfds = a.i32("nfds");
  Bytes readfds = a.out("readfds"), writefds = a.out("writefds"), exceptfds = a.out("exceptfds"),
        timeout = a.out("timeout"), sigmask = a.out("sigmask");
  return ret(::pselect(nfds, set_of(readfds, nfds), set_of(writefds, nfds), set_of(exceptfds, nfds),
                       static_cast<timespec *>(timeout.upto(sizeof(timespec))),
                       static_cast<sigset_t *>(sigmask.upto(sizeof(sigset_t)))));
}

void init_sys_select(Napi::Object exports) {
  EXPORT(select);
  EXPORT(pselect);
}
