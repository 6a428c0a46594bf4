// Room: <poll.h>.
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

void init_poll(Napi::Object exports) { EXPORT(poll); }
