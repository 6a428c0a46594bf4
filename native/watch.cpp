// Room: readiness on the event loop: what became ready in a turn arrives in one call into JavaScript, through memory
// that is shared. The only file that knows libuv: a few prototypes of its own, found at run time and never linked, so
// that the addon loads where libuv is missing. There, and where its functions are only stand-ins that abort, a thread
// waits instead.
#include "addon.h"
#include "call.h"
#include "poller.h"
#include <atomic>
#include <dlfcn.h>
#include <thread>

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
        context(environment, "bsd_sockets.Poller") {
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
  // Collects what is ready and tells JavaScript. On the environment's own thread.
  void turn() {
    Napi::Env environment = env; // the listener may stop, and so delete, this watch
    Napi::HandleScope scope(environment);
    Napi::Int32Array memory = ready.Value();
    size_t room = memory.ElementLength() / 3;
    int count = poller_collect(poller, reinterpret_cast<ReadyEntry *>(memory.Data()), room, 0);
    if (count <= 0) return;
    try {
      callback.Value().MakeCallback(environment.Global(), {Napi::Number::New(environment, count)}, context);
    } catch (const Napi::Error &e) {
      napi_fatal_exception(environment, e.Value()); // as if a listener of Node's own had thrown
    }
  }

  static void environment_ends(napi_async_cleanup_hook_handle, void *data) { static_cast<Watch *>(data)->stop(); }

  Napi::Env env;
  int poller;
  Napi::Reference<Napi::Int32Array> ready;
  Napi::FunctionReference callback;
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
    function = Napi::ThreadSafeFunction::New(env, callback.Value(), "bsd_sockets.Poller", 0, 1);
    thread = std::thread([this] { run(); });
    return 0;
  }
  void reference(bool keep_alive) override {
    if (closing) return;
    if (keep_alive)
      function.Ref(env);
    else
      function.Unref(env);
  }
  void stop() override {
    if (closing) return;
    closing = true;
    consumed = true;
    write_wake();
    thread.join();
    function.Release();
    for (int fd : wake) ::close(fd);
    // A call that is queued still refers to this: it is deleted behind it.
    delete this;
  }

private:
  void write_wake() {
    char byte = 0;
    while (::write(wake[1], &byte, 1) < 0 && errno == EINTR) {}
  }
  void run() {
    while (!closing) {
      pollfd fds[] = {{poller, POLLIN, 0}, {wake[0], POLLIN, 0}};
      if (::poll(fds, 2, -1) < 0 && errno != EINTR) return;
      if (fds[1].revents != 0) {
        char bytes[16];
        if (::read(wake[0], bytes, sizeof bytes) < 0) continue;
      }
      if (closing) return;
      if ((fds[0].revents & POLLIN) == 0 || !consumed.exchange(false)) continue;
      // Not before this batch is consumed: a level-triggered one would be told again and again.
      auto alive = std::weak_ptr<ThreadWatch *>(self);
      napi_status status = function.NonBlockingCall([alive](Napi::Env, Napi::Function) {
        auto locked = alive.lock();
        if (!locked) return;
        ThreadWatch *watch = *locked;
        watch->turn();
        if (alive.expired()) return; // stopped by its own listener
        watch->consumed = true;
        watch->write_wake();
      });
      if (status != napi_ok) return;
      while (!consumed && !closing) {
        pollfd woken = {wake[0], POLLIN, 0};
        ::poll(&woken, 1, -1);
        char bytes[16];
        if (woken.revents != 0 && ::read(wake[0], bytes, sizeof bytes) < 0) break;
      }
    }
  }

  std::shared_ptr<ThreadWatch *> self = std::make_shared<ThreadWatch *>(this);
  Napi::ThreadSafeFunction function;
  std::thread thread;
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
