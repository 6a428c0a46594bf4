// The calls of lib/events/poller.ts: a poller that blocks, and a watch on the event loop.
#include "addon.h"
#include "ownership.h"
#include "poller.h"
#include "watch.h"

CALL(poller_create) { return ownership::claim(a.env, ret(poller_create()), ownership::Identity::poller); }

CALL(poller_replace) { return ret(poller_replace(a.i32("poller"))); }

CALL(poller_control) {
  int poller = a.i32("poller"), operation = a.i32("operation"), fd = a.i32("fd"), tag = a.i32("tag"),
      events = a.i32("events"), flags = a.i32("flags");
  return ret(poller_control(poller, operation, fd, tag, events, flags));
}

CALL(poller_wait) {
  int poller = a.i32("poller");
  Bytes ready = a.out("ready");
  int timeout = a.i32("timeout");
  return ret(poller_collect(poller, static_cast<ReadyEntry *>(ready.exactly(sizeof(ReadyEntry))),
                            ready.length() / sizeof(ReadyEntry), timeout));
}

// Starts to call `listener` with the number of filled entries of `ready`. `thread`: wait without libuv. The watch, or
// -errno.
VALUE(watch_start) {
  int poller = a.i32("poller");
  napi_value ready = a.next(), listener = a.next();
  int thread = a.i32("thread");
  Napi::Value memory(a.env, ready), function(a.env, listener);
  if (!memory.IsTypedArray() || memory.As<Napi::TypedArray>().TypedArrayType() != napi_int32_array ||
      memory.As<Napi::TypedArray>().ByteLength() < sizeof(ReadyEntry) + sizeof(WatchState) || !function.IsFunction())
    throw Errno{EINVAL};
  auto entries = memory.As<Napi::Int32Array>();
  auto callback = function.As<Napi::Function>();
  Watch *watch = thread != 0 ? nullptr : new_loop_watch(a.env, poller, entries, callback);
  if (watch == nullptr) watch = new_thread_watch(a.env, poller, entries, callback);
  int error = watch->start();
  if (error != 0) {
    watch->end();
    throw Errno{-error};
  }
  try {
    return watch->object();
  } catch (...) {
    watch->end();
    throw;
  }
}

// The watch of an argument; EINVAL if it was stopped.
static Watch *watch_of(Arguments &a) {
  napi_value value = a.next();
  Watch *watch = nullptr;
  if (!Watch::of(a.env, value, &watch)) a.wrong("watch", "what watch_start() returned", value);
  if (watch == nullptr) throw Errno{EINVAL};
  return watch;
}

CALL(watch_stop) {
  watch_of(a)->end();
  return 0;
}

CALL(watch_reference) {
  Watch *watch = watch_of(a);
  watch->reference(a.i32("keepAlive") != 0);
  return 0;
}

void init_events(Napi::Object exports) {
  EXPORT(poller_create);
  EXPORT(poller_replace);
  EXPORT(poller_control);
  EXPORT(poller_wait);
  EXPORT(watch_start);
  EXPORT(watch_stop);
  EXPORT(watch_reference);
}
