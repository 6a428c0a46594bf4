// Room: readiness on the event loop: what became ready in a turn arrives in one call into JavaScript, through memory
// that is shared. The only file that knows libuv: a few prototypes of its own, found at run time and never linked, so
// that the addon loads where libuv is missing. There, and where its functions are only stand-ins that abort, a thread
// waits instead.
#include "addon.h"
#include "call.h"
#include "poller.h"
#include <atomic>
#include <dlfcn.h>
#include <system_error>
#include <pthread.h>

namespace {
// ---- libuv, as its stable ABI has it

struct uv_loop;
struct uv_handle {
  void *data; // the first field of every handle
};
constexpr int uv_poll_type = 8, uv_readable = 1;

struct Libuv {
  size_t (*handle_size)(int type);
  int (*poll_init)(uv_loop *, uv_handle *, int fd);
  int (*poll_start)(uv_handle *, int events, void (*)(uv_handle *, int status, int events));
  int (*poll_stop)(uv_handle *);
  void (*close)(uv_handle *, void (*)(uv_handle *));
  void (*ref)(uv_handle *);
  void (*unref)(uv_handle *);
  bool found;

  Libuv() {
    found = find(handle_size, "uv_handle_size") && find(poll_init, "uv_poll_init") &&
            find(poll_start, "uv_poll_start") && find(poll_stop, "uv_poll_stop") && find(close, "uv_close") &&
            find(ref, "uv_ref") && find(unref, "uv_unref");
  }
  template <typename F> static bool find(F &function, const char *name) {
    function = reinterpret_cast<F>(dlsym(RTLD_DEFAULT, name));
    return function != nullptr;
  }
};
const Libuv &libuv() {
  static const Libuv functions;
  return functions;
}

// ---- One poller on one event loop

class Watch {
public:
  Watch(Napi::Env environment, int poller_fd, Napi::Int32Array memory, Napi::Function function)
      : env(environment), poller(poller_fd), ready(Napi::Persistent(memory)), callback(Napi::Persistent(function)),
        resource(Napi::Persistent(Napi::Object::New(environment))),
        context(environment, "bsd_sockets.Poller", resource.Value()) {
    napi_add_async_cleanup_hook(env, &Watch::environment_ends, this, &cleanup);
  }
  virtual ~Watch() {
    if (cleanup != nullptr) napi_remove_async_cleanup_hook(cleanup);
  }
  virtual int start() = 0;
  virtual void reference(bool keep_alive) = 0;
  // Ends it and, when nothing refers to it any more, deletes it.
  virtual void stop() = 0;

protected:
  // Collects what is ready and tells JavaScript. On the environment's own thread. The listener may stop this watch: it
  // is deleted later, when nothing of it is on the stack.
  void turn() {
    Napi::HandleScope scope(env);
    Napi::Int32Array memory = ready.Value();
    size_t room = memory.ElementLength() / 3;
    int count = poller_collect(poller, reinterpret_cast<ReadyEntry *>(memory.Data()), room, 0);
    if (count <= 0) return;
    napi_value receiver, argument, result, error;
    if (napi_get_global(env, &receiver) != napi_ok || napi_create_int32(env, count, &argument) != napi_ok) return;
    napi_status status = napi_make_callback(env, context, receiver, callback.Value(), 1, &argument, &result);
    // As if a listener of Node's own had thrown. A worker that is being terminated throws nothing.
    if (status == napi_pending_exception && napi_get_and_clear_last_exception(env, &error) == napi_ok)
      napi_fatal_exception(env, error);
  }

  static void environment_ends(napi_async_cleanup_hook_handle, void *data) { static_cast<Watch *>(data)->stop(); }

  Napi::Env env;
  int poller;
  Napi::Reference<Napi::Int32Array> ready;
  Napi::FunctionReference callback;
  // Carries the AsyncLocalStorage context; Node itself refers to it weakly.
  Napi::ObjectReference resource;
  Napi::AsyncContext context;
  napi_async_cleanup_hook_handle cleanup = nullptr;
};

// On the event loop itself: one handle on the poller's own descriptor.
class LoopWatch final : public Watch {
public:
  using Watch::Watch;
  int start() override {
    uv_loop *loop;
    if (napi_get_uv_event_loop(env, reinterpret_cast<uv_loop_s **>(&loop)) != napi_ok) return -ENOSYS;
    handle = static_cast<uv_handle *>(calloc(1, libuv().handle_size(uv_poll_type)));
    if (handle == nullptr) return -ENOMEM;
    int error = libuv().poll_init(loop, handle, poller);
    if (error != 0) {
      free(handle);
      handle = nullptr;
      return error;
    }
    handle->data = this;
    return libuv().poll_start(handle, uv_readable,
                              [](uv_handle *h, int, int) { static_cast<LoopWatch *>(h->data)->turn(); });
  }
  void reference(bool keep_alive) override {
    if (handle != nullptr && !closing) (keep_alive ? libuv().ref : libuv().unref)(handle);
  }
  void stop() override {
    if (closing) return;
    closing = true;
    if (handle == nullptr) {
      delete this;
      return;
    }
    libuv().poll_stop(handle);
    libuv().close(handle, [](uv_handle *h) {
      LoopWatch *self = static_cast<LoopWatch *>(h->data);
      Napi::HandleScope scope(self->env);
      free(h);
      delete self;
    });
  }

private:
  uv_handle *handle = nullptr;
  bool closing = false;
};

// Elsewhere: a thread that waits for the poller, and wakes the environment's thread for each batch.
class ThreadWatch final : public Watch {
public:
  using Watch::Watch;
  int start() override {
    if (::pipe(wake) != 0) return -errno;
    for (int fd : wake) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    napi_status status =
        napi_create_threadsafe_function(env, nullptr, nullptr, Napi::String::New(env, "bsd_sockets.Poller"), 0, 1, this,
                                        &ThreadWatch::finalize, this, &ThreadWatch::woken, &function);
    if (status != napi_ok) {
      function = nullptr;
      return -ENOMEM;
    }
    // Not std::thread, whose exceptions a link against an older C++ library would have to know.
    int error = pthread_create(
        &thread, nullptr,
        [](void *watch) -> void * {
          static_cast<ThreadWatch *>(watch)->run();
          return nullptr;
        },
        this);
    running = error == 0;
    return -error;
  }
  void reference(bool keep_alive) override {
    if (!closing) (keep_alive ? napi_ref_threadsafe_function : napi_unref_threadsafe_function)(env, function);
  }
  void stop() override {
    if (closing.exchange(true)) return;
    join();
    if (function == nullptr)
      delete this;
    else
      napi_release_threadsafe_function(function, napi_tsfn_abort); // finalize deletes this
  }

private:
  // The thread never waits for this one: it ends at once.
  void join() {
    write_wake();
    if (running) pthread_join(thread, nullptr);
    running = false;
    for (int &fd : wake) {
      if (fd >= 0) ::close(fd);
      fd = -1;
    }
  }
  static void finalize(napi_env, void *data, void *) {
    ThreadWatch *self = static_cast<ThreadWatch *>(data);
    self->closing = true;
    self->join();
    delete self;
  }
  static void woken(napi_env environment, napi_value, void *context, void *) {
    if (environment == nullptr) return; // left over when it was stopped
    ThreadWatch *self = static_cast<ThreadWatch *>(context);
    if (self->closing) return;
    self->turn();
    self->consumed = true;
    self->write_wake();
  }
  void write_wake() {
    char byte = 0;
    while (wake[1] >= 0 && ::write(wake[1], &byte, 1) < 0 && errno == EINTR) {}
  }
  void run() {
    while (!closing) {
      // Not before a batch is consumed: a level-triggered one would be told again and again.
      pollfd fds[] = {{wake[0], POLLIN, 0}, {consumed ? poller : -1, POLLIN, 0}};
      if (::poll(fds, 2, -1) < 0) {
        if (errno == EINTR) continue;
        return;
      }
      char bytes[16];
      if (fds[0].revents != 0 && ::read(wake[0], bytes, sizeof bytes) <= 0 && errno != EINTR) return;
      if (closing || fds[1].revents == 0) continue;
      consumed = false;
      if (fds[1].revents & POLLNVAL) return;
      if (napi_call_threadsafe_function(function, nullptr, napi_tsfn_nonblocking) != napi_ok) return;
    }
  }

  napi_threadsafe_function function = nullptr;
  pthread_t thread = {};
  bool running = false;
  int wake[2] = {-1, -1};
  std::atomic<bool> closing{false}, consumed{true};
};
} // namespace

// Starts telling `callback` how many entries of `ready` were filled. `thread`: without libuv. The watch, or -errno.
VALUE(watch_start) {
  int poller = a.i32("poller");
  Napi::Value memory(a.env, a.next()), function(a.env, a.next());
  int thread = a.i32("thread");
  if (!memory.IsTypedArray() || !function.IsFunction()) throw Errno{EINVAL};
  Watch *watch;
  if (thread != 0 || !libuv().found) {
    watch = new ThreadWatch(a.env, poller, memory.As<Napi::Int32Array>(), function.As<Napi::Function>());
  } else {
    watch = new LoopWatch(a.env, poller, memory.As<Napi::Int32Array>(), function.As<Napi::Function>());
  }
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

void init_watch(Napi::Object exports) {
  EXPORT(watch_start);
  EXPORT(watch_stop);
  EXPORT(watch_reference);
}
