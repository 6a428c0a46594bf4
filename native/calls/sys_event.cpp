// <sys/event.h>. macOS alone; elsewhere lib/ finds the functions missing.
#include "addon.h"
#include "ownership.h"

#ifdef EVFILT_READ
// int kqueue(void);
CALL(kqueue) { return ownership::handed_out(ret(::kqueue())); }

static struct kevent *list_of(const Bytes &list, int count) {
  size_t elements = count < 0 ? 0 : static_cast<size_t>(count); // negative: the kernel refuses it
  return static_cast<struct kevent *>(list.upto(elements * sizeof(struct kevent)));
}

// int kevent(int kq, const struct kevent *changelist, int nchanges, struct kevent *eventlist, int nevents,
//            const struct timespec *timeout);
// The kernel hands `udata` back and does not follow it.
CALL(kevent) {
  int kq = a.i32("kq");
  Bytes changelist = a.out("changelist");
  int nchanges = a.i32("nchanges");
  Bytes eventlist = a.out("eventlist");
  int nevents = a.i32("nevents");
  Bytes timeout = a.out("timeout");
  return ret(::kevent(kq, list_of(changelist, nchanges), nchanges, list_of(eventlist, nevents), nevents,
                      static_cast<timespec *>(timeout.upto(sizeof(timespec)))));
}
#endif

void init_sys_event([[maybe_unused]] Napi::Object exports) {
#ifdef EVFILT_READ
  EXPORT(kqueue);
  EXPORT(kevent);
#endif
}
