// The fast path of the hottest calls. Their numbers go through registers, memory that the environment's addon owns, so
// that the memory is the only argument to convert. lib/addon/registers.ts is the other end.
#pragma once
#include "call.h"

// The registers of one environment.
struct Registers {
  int32_t fd, length, flags, result;
};

// Of the environment that is being initialised.
extern thread_local Registers *fast_registers;

// The result when the view is not what it seems to be: lib/ then makes the checked call.
inline constexpr int32_t fast_refused = INT32_MIN;

// `unit`: how many bytes one of `length` stands for; 0: the length is the view's own, and the register is not read.
template <ssize_t (*call)(int fd, void *bytes, size_t length, int flags), size_t unit = 1>
napi_value fast_call(napi_env env, napi_callback_info info) {
  // Not initialised, for speed: each is read only after the call that sets it has succeeded.
  napi_value view;
  size_t count = 1, size;
  void *data, *bytes;
  if (napi_get_cb_info(env, info, &count, &view, nullptr, &data) != napi_ok) return nullptr;
  auto *registers = static_cast<Registers *>(data);
  // Read before the call: a signal handler's JavaScript may call again.
  int fd = registers->fd, flags = registers->flags;
  size_t length = static_cast<size_t>(static_cast<int64_t>(registers->length)); // negative: larger than any memory
  bool taken =
      napi_get_typedarray_info(env, view, nullptr, &size, &bytes, nullptr, nullptr) == napi_ok && bytes != nullptr;
  if constexpr (unit == 0) {
    length = size;
    taken = taken && size != 0 && size <= INT32_MAX; // a detached view has no bytes; the result is an int32
  } else {
    taken = taken && length <= size / unit;
  }
  if (!taken) {
    registers->result = fast_refused;
    return nullptr;
  }
  // SAFETY: the caller's view is on the stack of this call, and nothing here runs JavaScript.
  ssize_t result = call(fd, bytes, length, flags);
  registers->result = static_cast<int32_t>(result < 0 ? -errno : result); // at most `length`, an int32
  return nullptr;
}

#define FAST(name, ...) export_function(exports, #name, fast_call<__VA_ARGS__>, fast_registers)
