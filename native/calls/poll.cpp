// <poll.h>.
#include "addon.h"
#include "call.h"

static pollfd *fds_of(const Bytes &fds, size_t nfds) {
  return static_cast<pollfd *>(fds.upto(nfds > SIZE_MAX / sizeof(pollfd) ? SIZE_MAX : nfds * sizeof(pollfd)));
}

// int poll(struct pollfd *fds, nfds_t nfds, int timeout);
CALL(poll) {
  Bytes fds = a.out("fds");
  nfds_t nfds = a.integer<nfds_t>("nfds");
  int timeout = a.i32("timeout");
  return ret(::poll(fds_of(fds, nfds), nfds, timeout));
}

#ifdef POLLRDHUP // as ppoll, an addition of Linux
// int ppoll(struct pollfd *fds, nfds_t nfds, const struct timespec *tmo_p, const sigset_t *sigmask);
CALL(ppoll) {
  Bytes fds = a.out("fds");
  nfds_t nfds = a.integer<nfds_t>("nfds");
  Bytes tmo_p = a.out("tmo_p"), sigmask = a.out("sigmask");
  return ret(::ppoll(fds_of(fds, nfds), nfds, static_cast<timespec *>(tmo_p.upto(sizeof(timespec))),
                     static_cast<sigset_t *>(sigmask.upto(sizeof(sigset_t)))));
}
#endif

void init_poll(Napi::Object exports) {
  EXPORT(poll);
#ifdef POLLRDHUP
  EXPORT(ppoll);
#endif
}
