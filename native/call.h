// How a C function becomes a function of the addon.
//
//   // ssize_t send(int fd, const void *buf, size_t len, int flags);
//   CALL(send) {
//     int fd = a.i32("fd");
//     Bytes buf = a.in("buf");
//     size_t len = a.size("len");
//     int flags = a.i32("flags");
//     return ret(::send(fd, buf.upto(len), len, flags));
//   }
//
// A body reads all its arguments before it asks for memory (upto): no pointer is taken before the last conversion, and
// none outlives the body. SAFETY: no conversion runs JavaScript; lib/ has read structs and boxes before the call.
#pragma once
#include "arguments.h"

// Runs a body: its result, -errno for an Errno that it throws, or its JavaScript exception.
napi_value call_number(napi_env env, napi_callback_info info, const char *name, int64_t (*body)(Arguments &)) noexcept;
napi_value call_value(napi_env env, napi_callback_info info, const char *name,
                      Napi::Value (*body)(Arguments &)) noexcept;

void export_function(Napi::Object exports, const char *name, napi_callback function, void *data = nullptr);

// A function whose result is one number: the call's own, or -errno.
#define CALL(name)                                                                                                     \
  static int64_t name##_body(Arguments &a);                                                                            \
  static napi_value name##_call(napi_env env, napi_callback_info info) {                                               \
    return call_number(env, info, #name, name##_body);                                                                 \
  }                                                                                                                    \
  static int64_t name##_body([[maybe_unused]] Arguments &a)

// A function whose result is a JavaScript value: text, a list. An Errno comes back as the number -errno.
#define VALUE(name)                                                                                                    \
  static Napi::Value name##_body(Arguments &a);                                                                        \
  static napi_value name##_call(napi_env env, napi_callback_info info) {                                               \
    return call_value(env, info, #name, name##_body);                                                                  \
  }                                                                                                                    \
  static Napi::Value name##_body([[maybe_unused]] Arguments &a)

#define EXPORT(name) export_function(exports, #name, name##_call)
