// The frame of every call: what a body returns or throws becomes the JavaScript result.
#include "call.h"
#include "status.h"
#include <new>

namespace {
napi_value number(napi_env env, int64_t result) {
  napi_value value = nullptr;
  require_ok(napi_create_double(env, static_cast<double>(result), &value), "napi_create_double");
  return value;
}

template <typename Answer> napi_value answer(napi_env env, Answer body) noexcept {
  try {
    return body();
  } catch (const Errno &e) { return number(env, -e.code); } catch (const std::bad_alloc &) {
    return number(env, -ENOMEM);
  } catch (const Napi::Error &e) {
    e.ThrowAsJavaScriptException();
    return nullptr;
  }
}
} // namespace

napi_value call_number(napi_env env, napi_callback_info info, const char *name, int64_t (*body)(Arguments &)) noexcept {
  return answer(env, [&] {
    Arguments a(env, info, name);
    return number(env, body(a));
  });
}

napi_value call_value(napi_env env, napi_callback_info info, const char *name,
                      Napi::Value (*body)(Arguments &)) noexcept {
  return answer(env, [&]() -> napi_value {
    Arguments a(env, info, name);
    return body(a);
  });
}

void export_function(Napi::Object exports, const char *name, napi_callback function, void *data) {
  napi_env env = exports.Env();
  napi_value value;
  check(env, napi_create_function(env, name, NAPI_AUTO_LENGTH, function, data, &value));
  check(env, napi_set_named_property(env, exports, name, value));
}
