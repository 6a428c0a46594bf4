// Room: what the addon's files share: their init functions, and the fast path's registers.
#pragma once
#include <napi.h>
#include <cstdint>
#include <sys/types.h>

struct sockaddr;
class Bytes;

void init_sys_socket(Napi::Object exports);
void init_ownership(Napi::Object exports);
void init_events(Napi::Object exports);
void init_batch(Napi::Object exports);
void init_messages(Napi::Object exports);
void init_sys_epoll(Napi::Object exports);
void init_sys_event(Napi::Object exports);
void init_sys_ioctl(Napi::Object exports);
void init_sys_sendfile(Napi::Object exports);
void init_net_if(Napi::Object exports);
void init_ifaddrs(Napi::Object exports);
void init_getaddrinfo(Napi::Object exports);
void init_unistd(Napi::Object exports);
void init_fcntl(Napi::Object exports);
void init_poll(Napi::Object exports);
void init_sys_uio(Napi::Object exports);
void init_sys_select(Napi::Object exports);
void init_sys_resource(Napi::Object exports);
void init_arpa_inet(Napi::Object exports);
void init_netdb(Napi::Object exports);
void init_signal(Napi::Object exports);
void init_stdio(Napi::Object exports);

// The fast path of the hottest calls (design: numbers through memory that the environment's addon owns, one view as the
// only argument). `regs` is [fd, length, flags, result]; lib/ exports it to nobody.
extern thread_local int32_t *fast_registers; // of the environment that is being initialised

// The result when the view is not what it seems to be: lib/ then makes the checked call.
inline constexpr int32_t fast_refused = INT32_MIN;

// `unit`: how many bytes one of `length` stands for; 0: the length is the view's own, and `regs[1]` is not read.
template <ssize_t (*call)(int fd, void *bytes, size_t length, int flags), size_t unit = 1>
napi_value fast_call(napi_env env, napi_callback_info info) {
  napi_value view;
  size_t count = 1;
  void *data;
  napi_get_cb_info(env, info, &count, &view, nullptr, &data);
  int32_t *regs = static_cast<int32_t *>(data);
  // Read before the call: whatever runs meanwhile may call again.
  int fd = regs[0], flags = regs[2];
  size_t length = static_cast<size_t>(static_cast<int64_t>(regs[1])); // a negative length is larger than any memory
  void *bytes;
  size_t size;
  bool refused =
      napi_get_typedarray_info(env, view, nullptr, &size, &bytes, nullptr, nullptr) != napi_ok || bytes == nullptr;
  if constexpr (unit == 0) {
    length = size;
    refused = refused || size == 0 || size > INT32_MAX; // a detached view has no bytes; the result is an int32
  } else {
    refused = refused || length > size / unit;
  }
  if (refused) {
    regs[3] = fast_refused;
    return nullptr;
  }
  // SAFETY: the caller's view is on the stack of this call, and nothing here runs JavaScript.
  ssize_t result = call(fd, bytes, length, flags);
  regs[3] = static_cast<int32_t>(result < 0 ? -errno : result); // at most `length`, which came in as an int32
  return nullptr;
}

#define FAST(name, ...)                                                                                                \
  do {                                                                                                                 \
    napi_value function;                                                                                               \
    napi_create_function(exports.Env(), #name, NAPI_AUTO_LENGTH, fast_call<__VA_ARGS__>, fast_registers, &function);   \
    exports.Set(#name, Napi::Value(exports.Env(), function));                                                          \
  } while (0)
