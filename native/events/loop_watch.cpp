// The watch on libuv: one uv_poll_t on the poller's own descriptor, on Node's event loop. The only file that knows
// libuv. Its functions are found at run time and never linked, so the addon also loads where libuv is missing.
#include "os.h"
#include "watch.h"
#include <dlfcn.h>

namespace {
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
                              [](uv_handle *h, int, int) { static_cast<LoopWatch *>(h->data)->dispatch(); });
  }
  void reference(bool keep_alive) override {
    if (handle == nullptr || closing || keep_alive == referenced) return;
    referenced = keep_alive;
    (keep_alive ? libuv().ref : libuv().unref)(handle);
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
  bool closing = false, referenced = true;
};
} // namespace

Watch *new_loop_watch(Napi::Env env, int poller, Napi::Int32Array ready, Napi::Function listener) {
  return libuv().found ? new LoopWatch(env, poller, ready, listener) : nullptr;
}
