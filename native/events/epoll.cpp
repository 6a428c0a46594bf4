// The poller on epoll(7): Linux.
#include "os.h"
#include "poller.h"

#ifdef EPOLLIN
int poller_create() { return ::epoll_create1(EPOLL_CLOEXEC); }

int poller_replace(int poller) {
  int fresh = ::epoll_create1(EPOLL_CLOEXEC);
  if (fresh < 0) return -1;
  int result = ::dup3(fresh, poller, O_CLOEXEC), error = errno;
  ::close(fresh);
  errno = error;
  return result < 0 ? -1 : 0;
}

int poller_control(int poller, int operation, int fd, int32_t tag, int events, int flags) {
  epoll_event event = {};
  // EPOLLIN, EPOLLOUT, EPOLLPRI and EPOLLRDHUP have the values of POLLIN, POLLOUT, POLLPRI and POLLRDHUP.
  event.events = static_cast<uint32_t>(events);
  if (flags & poller_edge) event.events |= EPOLLET;
  if (flags & poller_oneshot) event.events |= EPOLLONESHOT;
  if (flags & poller_exclusive) event.events |= EPOLLEXCLUSIVE;
  event.data.u64 = static_cast<uint64_t>(static_cast<uint32_t>(tag)) << 32 | static_cast<uint32_t>(fd);
  int command = operation == poller_add ? EPOLL_CTL_ADD : operation == poller_modify ? EPOLL_CTL_MOD : EPOLL_CTL_DEL;
  return ::epoll_ctl(poller, command, fd, &event);
}

int poller_collect(int poller, ReadyEntry *ready, size_t room, int timeout) {
  epoll_event events[poller_batch];
  int count = ::epoll_wait(poller, events, static_cast<int>(room < poller_batch ? room : poller_batch), timeout);
  for (int i = 0; i < count; i++) {
    uint64_t data = events[i].data.u64;
    ready[i] = {static_cast<int32_t>(data), static_cast<int32_t>(data >> 32), static_cast<int32_t>(events[i].events)};
  }
  return count;
}
#endif
