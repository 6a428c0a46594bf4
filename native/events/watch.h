// A watch: reports a poller's ready descriptors to JavaScript on the environment's event loop. loop_watch.cpp waits
// with libuv, thread_watch.cpp with a thread of its own where libuv is missing.
//
// Lifetime: a watch lives on the heap and deletes itself. stop() begins that, and so does the end of the environment;
// the deletion comes later on the event loop, when no function of the watch is on the stack, so a listener may stop the
// watch that is calling it. The environment waits for the deletion: it ends the clean-up hook.
#pragma once
#include "poller.h"
#include <napi.h>

// What a watch shares with JavaScript, behind the ready entries in the same memory.
struct WatchState {
  // 1 while the listener and its microtasks run: JavaScript then leaves `reference` to the watch.
  int32_t dispatching;
  // How many calls wait for the poller: the watch keeps the process alive while there is one. Negative: JavaScript
  // decides by watch_reference alone.
  int32_t waiters;
};

struct WatchHandle;

class Watch {
public:
  Watch(Napi::Env env, int poller, Napi::Int32Array ready, Napi::Function listener);
  Watch(const Watch &) = delete;
  Watch &operator=(const Watch &) = delete;
  virtual ~Watch();
  // 0, or -errno; then the caller ends the watch.
  virtual int start() = 0;
  // Whether the watch keeps the process alive.
  virtual void reference(bool keep_alive) = 0;
  // Stops the watch; its object in JavaScript refers to none from now on.
  void end();

  // A new object that stands for the watch in JavaScript: at most one a watch.
  Napi::Value object();
  // The watch of such an object, nullptr if it was stopped; false if the value is no such object.
  static bool of(napi_env env, napi_value value, Watch **watch);

protected:
  // Begins the deletion. A second call does nothing.
  virtual void stop() = 0;
  // Collects the ready entries and calls the listener with their number. On the environment's own thread.
  void dispatch();

  const Napi::Env env;
  const int poller;

private:
  Napi::Reference<Napi::Int32Array> ready;
  Napi::FunctionReference listener;
  // Carries the AsyncLocalStorage context; Node refers to it weakly.
  Napi::ObjectReference resource;
  Napi::AsyncContext context;
  napi_async_cleanup_hook_handle cleanup = nullptr;
  WatchHandle *handle = nullptr; // the JavaScript object's, as long as there is one
};

// nullptr where this process has no libuv.
Watch *new_loop_watch(Napi::Env env, int poller, Napi::Int32Array ready, Napi::Function listener);
Watch *new_thread_watch(Napi::Env env, int poller, Napi::Int32Array ready, Napi::Function listener);
