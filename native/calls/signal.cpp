// <signal.h>.
#include "addon.h"
#include "call.h"
#include "mutex.h"
#include <vector>

namespace {
// Dispositions travel as numbers: 0 SIG_DFL, 1 SIG_IGN, and from 2 on the handlers that native code (Node's own, say)
// had installed when signal() replaced them. They belong to the process, so all its environments share them.
// Never destroyed.
Mutex handlers_mutex;
std::vector<struct sigaction> &handlers_of_process() {
  static auto *const list = new std::vector<struct sigaction>;
  return *list;
}

int number_of(const struct sigaction &action) {
  if (!(action.sa_flags & SA_SIGINFO)) {
    if (action.sa_handler == SIG_DFL) return 0;
    if (action.sa_handler == SIG_IGN) return 1;
  }
  Lock lock(handlers_mutex);
  auto &handlers = handlers_of_process();
  for (size_t i = 0; i < handlers.size(); i++) {
    if (handlers[i].sa_sigaction == action.sa_sigaction && handlers[i].sa_flags == action.sa_flags)
      return static_cast<int>(i) + 2;
  }
  handlers.push_back(action);
  return static_cast<int>(handlers.size()) + 1;
}
} // namespace

// sighandler_t signal(int signum, sighandler_t handler);
CALL(signal) {
  int signum = a.i32("signum"), handler = a.i32("handler");
  struct sigaction action = {}, previous;
  if (handler < 2) {
    action.sa_handler = handler == 0 ? SIG_DFL : SIG_IGN;
    action.sa_flags = SA_RESTART; // what the C library's signal() asks for
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, signum);
  } else {
    Lock lock(handlers_mutex);
    auto &handlers = handlers_of_process();
    if (static_cast<size_t>(handler) - 2 >= handlers.size()) return -EINVAL;
    action = handlers[static_cast<size_t>(handler) - 2];
  }
  if (::sigaction(signum, &action, &previous) < 0) return -errno;
  return number_of(previous);
}

void init_signal(Napi::Object exports) { EXPORT(signal); }
