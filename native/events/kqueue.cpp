// The poller on kqueue(2): macOS. A registration is two filters, one for each direction, because kqueue has no event
// mask: to watch POLLIN and POLLOUT is to add EVFILT_READ and EVFILT_WRITE.
#include "os.h"
#include "poller.h"

#ifdef EVFILT_READ
int poller_create() {
  int poller = ::kqueue();
  if (poller >= 0 && ::fcntl(poller, F_SETFD, FD_CLOEXEC) < 0) {
    int error = errno;
    ::close(poller);
    errno = error;
    return -1;
  }
  return poller;
}

int poller_replace(int) { return 0; }

// Every operation sets both filters. ENOENT for a filter that is deleted is no failure: it was never added.
int poller_control(int poller, int operation, int fd, int32_t tag, int events, int flags) {
  struct kevent changes[2], results[2];
  uint16_t how = EV_RECEIPT | ((flags & poller_edge) ? EV_CLEAR : 0) | ((flags & poller_oneshot) ? EV_ONESHOT : 0);
  void *udata = reinterpret_cast<void *>(static_cast<intptr_t>(tag));
  const struct {
    int16_t filter;
    int bits;
  } directions[] = {{EVFILT_READ, POLLIN | POLLPRI}, {EVFILT_WRITE, POLLOUT}};
  for (int i = 0; i < 2; i++) {
    bool wanted = operation != poller_delete && (events & directions[i].bits) != 0;
    EV_SET(&changes[i], static_cast<uintptr_t>(fd), directions[i].filter,
           how | (wanted ? EV_ADD | EV_ENABLE : EV_DELETE), 0, 0, udata);
  }
  int count = ::kevent(poller, changes, 2, results, 2, nullptr);
  if (count < 0) return count;
  for (int i = 0; i < count; i++) {
    bool deleted = (changes[i].flags & EV_DELETE) != 0;
    int error = static_cast<int>(results[i].data);
    if (error != 0 && !(deleted && error == ENOENT)) {
      errno = error;
      return -1;
    }
  }
  return 0;
}

int poller_collect(int poller, ReadyEntry *ready, size_t room, int timeout) {
  struct kevent events[poller_batch];
  timespec time = {timeout / 1000, (timeout % 1000) * 1000000L};
  int count = ::kevent(poller, nullptr, 0, events, static_cast<int>(room < poller_batch ? room : poller_batch),
                       timeout < 0 ? nullptr : &time);
  for (int i = 0; i < count; i++) {
    int bits = events[i].filter == EVFILT_WRITE ? POLLOUT : POLLIN;
    if (events[i].flags & EV_EOF) bits |= POLLHUP | (events[i].fflags != 0 ? POLLERR : 0);
    if (events[i].flags & EV_ERROR) bits |= POLLERR;
    ready[i] = {static_cast<int32_t>(events[i].ident),
                static_cast<int32_t>(reinterpret_cast<intptr_t>(events[i].udata)), bits};
  }
  return count;
}
#endif
