// The watch without libuv: a thread polls the poller's descriptor and wakes the environment's thread for each batch.
// For runtimes whose libuv is missing, or whose libuv functions only abort (Bun).
//
// Threads: run() is the thread's own; every other function is called on the environment's thread. They share `closing`,
// `consumed` and the pipe `wake`, which interrupts the thread's poll().
#include "os.h"
#include "status.h"
#include "watch.h"
#include <atomic>
#include <pthread.h>

namespace {
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
    // Not std::thread: its exceptions need symbols that older C++ libraries lack.
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
    if (closing || keep_alive == referenced) return;
    referenced = keep_alive;
    require_ok((keep_alive ? napi_ref_threadsafe_function : napi_unref_threadsafe_function)(env, function),
               "napi_ref_threadsafe_function");
  }
  void stop() override {
    if (closing.exchange(true)) return;
    join();
    if (function == nullptr)
      delete this;
    else // finalize deletes this
      require_ok(napi_release_threadsafe_function(function, napi_tsfn_abort), "napi_release_threadsafe_function");
  }

private:
  // Does not block for long: the thread never waits for this one.
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
    if (environment == nullptr) return; // queued before stop()
    ThreadWatch *self = static_cast<ThreadWatch *>(context);
    if (self->closing) return;
    self->dispatch();
    self->consumed = true;
    self->write_wake();
  }
  void write_wake() {
    char byte = 0;
    while (wake[1] >= 0 && ::write(wake[1], &byte, 1) < 0 && errno == EINTR) {}
  }
  void run() {
    while (!closing) {
      // The poller is left out until JavaScript has consumed the last batch: a level-triggered registration would be
      // reported over and over meanwhile.
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
  bool running = false, referenced = true;
  int wake[2] = {-1, -1};
  std::atomic<bool> closing{false}, consumed{true};
};
} // namespace

Watch *new_thread_watch(Napi::Env env, int poller, Napi::Int32Array ready, Napi::Function listener) {
  return new ThreadWatch(env, poller, ready, listener);
}
