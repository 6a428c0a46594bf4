// What both kinds of watch share: the references to JavaScript, the call of the listener, and the object that stands
// for a watch in JavaScript.
#include "watch.h"
#include "status.h"

// What JavaScript's object refers to. The object and the watch end in any order: each clears the other's pointer.
struct WatchHandle {
  Watch *watch;
};

namespace {
// Tells the object from every other addon's External.
constexpr napi_type_tag watch_tag = {0x5d1c0f6bd3a94e27, 0x9a7e41c2b8f05d36};
} // namespace

Watch::Watch(Napi::Env environment, int poller_fd, Napi::Int32Array memory, Napi::Function function)
    : env(environment), poller(poller_fd), ready(Napi::Persistent(memory)), listener(Napi::Persistent(function)),
      resource(Napi::Persistent(Napi::Object::New(environment))),
      context(environment, "bsd_sockets.Poller", resource.Value()) {
  check(env, napi_add_async_cleanup_hook(
                 env, [](napi_async_cleanup_hook_handle, void *watch) { static_cast<Watch *>(watch)->stop(); }, this,
                 &cleanup));
}

Watch::~Watch() {
  if (handle != nullptr) handle->watch = nullptr;
  require_ok(napi_remove_async_cleanup_hook(cleanup), "napi_remove_async_cleanup_hook");
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
  require_ok(napi_get_global(env, &receiver), "napi_get_global");
  require_ok(napi_create_int32(env, count, &argument), "napi_create_int32");
  state->dispatching = 1;
  napi_status status = napi_make_callback(env, context, receiver, listener.Value(), 1, &argument, &result);
  state->dispatching = 0;
  // An exception of the listener is uncaught, as one of a Node.js event listener is. Either call fails where JavaScript
  // may not run any more (process.exit() in the listener, a worker that is being terminated): there is no one to tell.
  if (status == napi_pending_exception && napi_get_and_clear_last_exception(env, &error) == napi_ok)
    (void)napi_fatal_exception(env, error);
  if (state->waiters >= 0) reference(state->waiters > 0);
}

Napi::Value Watch::object() {
  napi_value value;
  auto *own = new WatchHandle{this};
  auto finalize = [](napi_env, void *data, void *) {
    auto *ended = static_cast<WatchHandle *>(data);
    if (ended->watch != nullptr) ended->watch->handle = nullptr;
    delete ended;
  };
  napi_status status = napi_create_external(env, own, finalize, nullptr, &value);
  if (status != napi_ok) delete own;
  check(env, status);
  handle = own;
  check(env, napi_type_tag_object(env, value, &watch_tag));
  return {env, value};
}

bool Watch::of(napi_env env, napi_value value, Watch **watch) {
  bool is_watch = false;
  void *data = nullptr;
  napi_valuetype type = napi_undefined;
  if (napi_typeof(env, value, &type) != napi_ok || type != napi_external) return false;
  check(env, napi_check_object_type_tag(env, value, &watch_tag, &is_watch));
  if (!is_watch) return false;
  check(env, napi_get_value_external(env, value, &data));
  *watch = static_cast<WatchHandle *>(data)->watch;
  return true;
}

void Watch::end() {
  if (handle != nullptr) handle->watch = nullptr;
  handle = nullptr;
  stop();
}
