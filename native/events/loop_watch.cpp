// The watch on libuv: one uv_poll_t on the poller's own descriptor, on Node's event loop. The only file that knows
// libuv. Its functions have the types of Node's <uv.h>, are found at run time and never linked, so the addon also loads
// where libuv is missing.
#include "os.h"
#include "watch.h"
#include <dlfcn.h>
#include <uv.h>

namespace {
struct Libuv {
  decltype(&uv_handle_size) handle_size;
  decltype(&uv_poll_init) poll_init;
  decltype(&uv_poll_start) poll_start;
  decltype(&uv_poll_stop) poll_stop;
  decltype(&uv_close) close;
  decltype(&uv_ref) ref;
  decltype(&uv_unref) unref;
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
    uv_loop_t *loop = nullptr;
    if (napi_get_uv_event_loop(env, &loop) != napi_ok) return -ENOSYS;
    // Another version of Node than the one that <uv.h> is of may have a larger uv_poll_t.
    poll = static_cast<uv_poll_t *>(calloc(1, libuv().handle_size(UV_POLL)));
    if (poll == nullptr) return -ENOMEM;
    int error = libuv().poll_init(loop, poll, poller);
    if (error != 0) {
      free(poll);
      poll = nullptr;
      return error;
    }
    poll->data = this;
    return libuv().poll_start(poll, UV_READABLE,
                              [](uv_poll_t *p, int, int) { static_cast<LoopWatch *>(p->data)->dispatch(); });
  }
  void reference(bool keep_alive) override {
    if (poll == nullptr || closing || keep_alive == referenced) return;
    referenced = keep_alive;
    (keep_alive ? libuv().ref : libuv().unref)(handle());
  }
  void stop() override {
    if (closing) return;
    closing = true;
    if (poll == nullptr) {
      delete this;
      return;
    }
    libuv().poll_stop(poll);
    libuv().close(handle(), [](uv_handle_t *h) {
      LoopWatch *self = static_cast<LoopWatch *>(h->data);
      Napi::HandleScope scope(self->env);
      free(h);
      delete self;
    });
  }

private:
  uv_handle_t *handle() { return reinterpret_cast<uv_handle_t *>(poll); }

  uv_poll_t *poll = nullptr;
  bool closing = false, referenced = true;
};
} // namespace

Watch *new_loop_watch(Napi::Env env, int poller, Napi::Int32Array ready, Napi::Function listener) {
  return libuv().found ? new LoopWatch(env, poller, ready, listener) : nullptr;
}
