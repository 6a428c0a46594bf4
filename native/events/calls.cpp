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

Watch::Watch(Napi::Env environment, int poller_fd, Napi::Int32Array memory, Napi::Function function)
    : env(environment), poller(poller_fd), ready(Napi::Persistent(memory)), listener(Napi::Persistent(function)),
      resource(Napi::Persistent(Napi::Object::New(environment))),
      context(environment, "bsd_sockets.Poller", resource.Value()) {
  napi_add_async_cleanup_hook(
      env, [](napi_async_cleanup_hook_handle, void *watch) { static_cast<Watch *>(watch)->stop(); }, this, &cleanup);
}

Watch::~Watch() {
  if (cleanup != nullptr) napi_remove_async_cleanup_hook(cleanup);
}

void Watch::dispatch() {
  Napi::HandleScope scope(env);
  Napi::Int32Array memory = ready.Value();
  auto *entries = reinterpret_cast<ReadyEntry *>(memory.Data());
  size_t room =
      (memory.ElementLength() - sizeof(WatchState) / sizeof(int32_t)) / (sizeof(ReadyEntry) / sizeof(int32_t));
  auto *state = reinterpret_cast<WatchState *>(entries + room);
  int count = poller_collect(poller, entries, room, 0);
  if (count <= 0) return;
  napi_value receiver, argument, result, error;
  if (napi_get_global(env, &receiver) != napi_ok || napi_create_int32(env, count, &argument) != napi_ok) return;
  state->dispatching = 1;
  napi_status status = napi_make_callback(env, context, receiver, listener.Value(), 1, &argument, &result);
  state->dispatching = 0;
  // An exception of the listener is uncaught, as one of a Node.js event listener is. A worker that is being terminated
  // has no exception to take.
  if (status == napi_pending_exception && napi_get_and_clear_last_exception(env, &error) == napi_ok)
    napi_fatal_exception(env, error);
  if (state->waiters >= 0) reference(state->waiters > 0);
}

// Starts to call `callback` with the number of filled entries of `ready`. `thread`: wait without libuv. The watch, or
// -errno.
VALUE(watch_start) {
  int poller = a.i32("poller");
  Napi::Value memory(a.env, a.next()), function(a.env, a.next());
  int thread = a.i32("thread");
  if (!memory.IsTypedArray() || memory.As<Napi::TypedArray>().TypedArrayType() != napi_int32_array ||
      memory.As<Napi::TypedArray>().ByteLength() < sizeof(ReadyEntry) + sizeof(WatchState) || !function.IsFunction())
    throw Errno{EINVAL};
  auto ready = memory.As<Napi::Int32Array>();
  auto listener = function.As<Napi::Function>();
  Watch *watch = thread != 0 ? nullptr : new_loop_watch(a.env, poller, ready, listener);
  if (watch == nullptr) watch = new_thread_watch(a.env, poller, ready, listener);
  int error = watch->start();
  if (error != 0) {
    watch->stop();
    throw Errno{-error};
  }
  return Napi::External<Watch>::New(a.env, watch);
}

namespace {
Watch *watch_of(Args &a) {
  Napi::Value value(a.env, a.next());
  if (!value.IsExternal()) throw Errno{EINVAL};
  return value.As<Napi::External<Watch>>().Data();
}
} // namespace

CALL(watch_stop) {
  watch_of(a)->stop();
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
