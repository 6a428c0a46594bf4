// <sys/epoll.h>. Linux alone; elsewhere lib/ finds the functions missing.
#include "addon.h"
#include "fast_call.h"
#include "ownership.h"

#if defined(__linux__)
// int epoll_create(int size);
CALL(epoll_create) { return ownership::handed_out(ret(::epoll_create(a.i32("size")))); }

// int epoll_create1(int flags);
CALL(epoll_create1) { return ownership::handed_out(ret(::epoll_create1(a.i32("flags")))); }

// int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event);
CALL(epoll_ctl) {
  int epfd = a.i32("epfd"), op = a.i32("op"), fd = a.i32("fd");
  Bytes event = a.out("event");
  return ret(::epoll_ctl(epfd, op, fd, static_cast<epoll_event *>(event.upto(sizeof(epoll_event)))));
}

static epoll_event *events_of(const Bytes &events, int maxevents) {
  size_t count = maxevents < 0 ? 0 : static_cast<size_t>(maxevents); // negative: the kernel refuses it
  return static_cast<epoll_event *>(events.upto(count * sizeof(epoll_event)));
}

// int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout);
CALL(epoll_wait) {
  int epfd = a.i32("epfd");
  Bytes events = a.out("events");
  int maxevents = a.i32("maxevents"), timeout = a.i32("timeout");
  return ret(::epoll_wait(epfd, events_of(events, maxevents), maxevents, timeout));
}

// int epoll_pwait(int epfd, struct epoll_event *events, int maxevents, int timeout, const sigset_t *sigmask);
CALL(epoll_pwait) {
  int epfd = a.i32("epfd");
  Bytes events = a.out("events");
  int maxevents = a.i32("maxevents"), timeout = a.i32("timeout");
  Bytes sigmask = a.out("sigmask");
  return ret(::epoll_pwait(epfd, events_of(events, maxevents), maxevents, timeout,
                           static_cast<sigset_t *>(sigmask.upto(sizeof(sigset_t)))));
}

static ssize_t epoll_wait_bytes(int fd, void *bytes, size_t length, int timeout) {
  return ::epoll_wait(fd, static_cast<epoll_event *>(bytes), static_cast<int>(length), timeout);
}
#endif

void init_sys_epoll([[maybe_unused]] Napi::Object exports) {
#if defined(__linux__)
  EXPORT(epoll_create);
  EXPORT(epoll_create1);
  EXPORT(epoll_ctl);
  EXPORT(epoll_wait);
  EXPORT(epoll_pwait);
  FAST(epoll_wait_fast, epoll_wait_bytes, sizeof(epoll_event));
#endif
}
