// Room: Poller's calls. Both systems end up as one table of descriptors, tags and POLL bits.
#include "poller.h"
#include "addon.h"
#include "ownership.h"

namespace {
enum Op { op_add = 0, op_modify = 1, op_delete = 2 };
enum Flag { flag_edge = 1, flag_oneshot = 2 };
} // namespace

#ifdef EPOLLIN
int poller_create() { return ::epoll_create1(EPOLL_CLOEXEC); }

int poller_control(int poller, int op, int fd, int32_t tag, int events, int flags) {
  epoll_event event = {};
  // The low bits of EPOLL… are those of POLL….
  event.events = static_cast<uint32_t>(events);
  if (flags & flag_edge) event.events |= EPOLLET;
  if (flags & flag_oneshot) event.events |= EPOLLONESHOT;
  event.data.u64 = static_cast<uint64_t>(static_cast<uint32_t>(tag)) << 32 | static_cast<uint32_t>(fd);
  return ::epoll_ctl(poller,
                     op == op_add      ? EPOLL_CTL_ADD
                     : op == op_modify ? EPOLL_CTL_MOD
                                       : EPOLL_CTL_DEL,
                     fd, &event);
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
#else
int poller_create() {
  int poller = ::kqueue();
  if (poller >= 0) ::fcntl(poller, F_SETFD, FD_CLOEXEC);
  return poller;
}

// One filter for each direction; a change sets both, and a filter that was not there is no failure.
int poller_control(int poller, int op, int fd, int32_t tag, int events, int flags) {
  struct kevent changes[2], results[2];
  uint16_t how = EV_RECEIPT | ((flags & flag_edge) ? EV_CLEAR : 0) | ((flags & flag_oneshot) ? EV_ONESHOT : 0);
  void *udata = reinterpret_cast<void *>(static_cast<intptr_t>(tag));
  const struct {
    int16_t filter;
    int bit;
  } sides[] = {{EVFILT_READ, POLLIN | POLLPRI}, {EVFILT_WRITE, POLLOUT}};
  for (int i = 0; i < 2; i++) {
    bool wanted = op != op_delete && (events & sides[i].bit) != 0;
    EV_SET(&changes[i], static_cast<uintptr_t>(fd), sides[i].filter, how | (wanted ? EV_ADD | EV_ENABLE : EV_DELETE), 0,
           0, udata);
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

CALL(poller_create) { return ownership::claim(a.env, ret(poller_create()), false); }

CALL(poller_control) {
  int poller = a.i32("poller"), op = a.i32("op"), fd = a.i32("fd"), tag = a.i32("tag"), events = a.i32("events"),
      flags = a.i32("flags");
  return ret(poller_control(poller, op, fd, tag, events, flags));
}

CALL(poller_wait) {
  int poller = a.i32("poller");
  Bytes ready = a.out("ready");
  int timeout = a.i32("timeout");
  return ret(poller_collect(poller, static_cast<ReadyEntry *>(ready.exactly(sizeof(ReadyEntry))),
                            ready.length() / sizeof(ReadyEntry), timeout));
}

void init_poller(Napi::Object exports) {
  EXPORT(poller_create);
  EXPORT(poller_control);
  EXPORT(poller_wait);
}
