// The conversion of a JavaScript value to memory. No property is read and no value coerced, so no JavaScript runs.
#include "bytes.h"
#include "status.h"

namespace {
// What a live view of no bytes points to: it is not the null pointer, and no byte is written there.
char no_bytes[1];

// Whether the buffer of a view that has no bytes is detached.
bool detached_view(napi_env env, napi_value view) {
  napi_typedarray_type type;
  size_t length, offset;
  napi_value buffer = nullptr;
  bool detached = false;
  if (napi_get_typedarray_info(env, view, &type, &length, nullptr, &buffer, &offset) != napi_ok)
    check(env, napi_get_dataview_info(env, view, &length, nullptr, &buffer, &offset));
  check(env, napi_is_detached_arraybuffer(env, buffer, &detached));
  return detached;
}
} // namespace

void Bytes::allocate(size_t length) {
  own = std::make_unique<char[]>(length);
  pointer = own.get();
  size = length;
}

Bytes Bytes::copy(size_t length) const {
  Bytes result;
  result.allocate(length);
  memcpy(result.pointer, upto(length), length);
  return result;
}

bool Bytes::take(napi_env env, napi_value value, bool text) {
  void *data = nullptr;
  size_t length = 0;
  bool detached = false, is_buffer = false;
  if (napi_get_buffer_info(env, value, &data, &length) == napi_ok) { // every view: typed arrays, DataView, Buffer
    if (length == 0) detached = detached_view(env, value);
  } else if (napi_is_arraybuffer(env, value, &is_buffer) == napi_ok && is_buffer) {
    check(env, napi_get_arraybuffer_info(env, value, &data, &length));
    if (length == 0) check(env, napi_is_detached_arraybuffer(env, value, &detached));
  } else {
    napi_valuetype type = napi_undefined;
    if (napi_typeof(env, value, &type) != napi_ok) return false; // the argument is missing
    if (type == napi_null) return true;
    if (type != napi_string || !text) return false;
    size_t bytes = 0;
    check(env, napi_get_value_string_utf8(env, value, nullptr, 0, &bytes));
    allocate(bytes + 1); // room for the NUL
    check(env, napi_get_value_string_utf8(env, value, own.get(), bytes + 1, &bytes));
    return true;
  }
  if (detached) return true;
  pointer = length == 0 ? no_bytes : data;
  size = length;
  return true;
}
