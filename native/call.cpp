// Room: the conversions of call.h that need not be inline.
#include "call.h"
#include <cmath>

namespace {
// What a live view of no bytes points to: not the null pointer, and nothing is written there.
char nothing[1];

const char *kind_of(Napi::Env env, napi_value value) {
  napi_valuetype type;
  if (napi_typeof(env, value, &type) != napi_ok) return "an unknown value";
  switch (type) {
  case napi_undefined:
    return "undefined";
  case napi_null:
    return "null";
  case napi_boolean:
    return "a boolean";
  case napi_number:
    return "a number that C's type cannot hold";
  case napi_string:
    return "a string";
  case napi_symbol:
    return "a symbol";
  case napi_function:
    return "a function";
  case napi_bigint:
    return "a bigint";
  default:
    return "an object that is no memory";
  }
}
} // namespace

bool Args::whole(napi_value value, bool big, uint64_t *bits) {
  double number;
  if (napi_get_value_double(env, value, &number) != napi_ok) {
    bool lossless;
    return big &&
           napi_get_value_bigint_uint64(env, value, bits, &lossless) == napi_ok; // the low 64 bits, as C converts
  }
  if (number >= -9223372036854775808.0 && number < 9223372036854775808.0) {
    int64_t integer = static_cast<int64_t>(number);
    *bits = static_cast<uint64_t>(integer);
    return static_cast<double>(integer) == number;
  }
  if (!std::isfinite(number)) return false; // so large a double has no fraction
  double wrapped = std::fmod(number, 18446744073709551616.0);
  *bits = static_cast<uint64_t>(wrapped < 0 ? wrapped + 18446744073709551616.0 : wrapped);
  return true;
}

double Args::number(const char *name) {
  napi_value value = next();
  double result;
  if (napi_get_value_double(env, value, &result) != napi_ok) wrong(name, "a number", value);
  return result;
}

bool Args::memory(napi_value value, Bytes *result, bool text) {
  void *data = nullptr;
  size_t length = 0;
  bool is_buffer = false;
  napi_value buffer = nullptr;
  if (napi_get_buffer_info(env, value, &data, &length) == napi_ok) { // every view: typed arrays, DataView, Buffer
    if (length == 0) {
      napi_typedarray_type type;
      size_t elements, offset;
      if (napi_get_typedarray_info(env, value, &type, &elements, nullptr, &buffer, &offset) != napi_ok) {
        napi_get_dataview_info(env, value, &elements, nullptr, &buffer, &offset);
      }
    }
  } else if (napi_is_arraybuffer(env, value, &is_buffer) == napi_ok && is_buffer) {
    napi_get_arraybuffer_info(env, value, &data, &length);
    buffer = value;
  } else {
    napi_valuetype type;
    napi_typeof(env, value, &type);
    if (type == napi_null) return true;
    if (type != napi_string || !text) return false;
    size_t bytes;
    napi_get_value_string_utf8(env, value, nullptr, 0, &bytes);
    result->utf8.resize(bytes + 1); // room for the NUL
    napi_get_value_string_utf8(env, value, result->utf8.data(), bytes + 1, &bytes);
    result->pointer = result->utf8.data();
    result->size = bytes + 1;
    return true;
  }
  if (length == 0) {
    bool detached = false;
    if (buffer != nullptr) napi_is_detached_arraybuffer(env, buffer, &detached);
    if (!detached) result->pointer = nothing;
    return true;
  }
  result->pointer = data;
  result->size = length;
  return true;
}

Bytes Args::bytes(const char *name, bool text) {
  napi_value value = next();
  Bytes result;
  if (!memory(value, &result, text)) {
    wrong(name,
          text ? "a pointer (a struct, a box, an array, a buffer or view, a string, null)"
               : "a pointer (a struct, a box, an array, a buffer or view, null)",
          value);
  }
  return result;
}

napi_valuetype Args::type() const {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, info != nullptr ? static_cast<napi_value>((*info)[index]) : values[index], &type);
  return type;
}

bool Args::null() {
  if (type() != napi_null) return false;
  index++;
  return true;
}

bool Args::list() const {
  bool is_array = false;
  napi_is_array(env, info != nullptr ? static_cast<napi_value>((*info)[index]) : values[index], &is_array);
  return is_array;
}

Args Args::fields(const char *name, const char *type, uint32_t count, napi_value value) {
  bool is_array = false;
  napi_is_array(env, value, &is_array);
  if (!is_array) wrong(name, type, value);
  Args result(env, function);
  result.position = index - hidden;
  for (uint32_t i = 0; i < count; i++) {
    napi_value field;
    napi_get_element(env, value, i, &field);
    result.values.push_back(field);
  }
  return result;
}

std::vector<Args> Args::vector(const char *name, const char *type, uint32_t count) {
  napi_value list = next();
  bool is_array = false;
  napi_is_array(env, list, &is_array);
  if (!is_array) wrong(name, type, list);
  uint32_t length = 0;
  napi_get_array_length(env, list, &length);
  std::vector<Args> result;
  result.reserve(length);
  for (uint32_t i = 0; i < length; i++) {
    napi_value value;
    napi_get_element(env, list, i, &value);
    result.push_back(fields(name, type, count, value));
  }
  return result;
}

Iov Args::iov(const char *name, bool text) {
  napi_value list = next();
  Iov result;
  napi_valuetype type;
  napi_typeof(env, list, &type);
  if (type == napi_null) {
    result.null = true;
    return result;
  }
  bool is_array = false;
  napi_is_array(env, list, &is_array);
  if (!is_array) wrong(name, "an iovec or an array of them", list);
  uint32_t length = 0;
  napi_get_array_length(env, list, &length);
  for (uint32_t i = 0; i + 1 < length; i += 2) {
    napi_value base, size;
    napi_get_element(env, list, i, &base);
    napi_get_element(env, list, i + 1, &size);
    Bytes bytes;
    uint64_t wanted;
    if (!memory(base, &bytes, text)) wrong(name, "a vector of iovecs whose iov_base is a pointer", base);
    if (!whole(size, true, &wanted)) wrong(name, "a vector of iovecs whose iov_len is an integer", size);
    result.entries.push_back({nullptr, static_cast<size_t>(wanted)});
    result.memory.push_back(std::move(bytes));
  }
  return result;
}

void Args::wrong(const char *name, const char *expected, napi_value value) {
  std::string message = std::string(function) + "(): argument " +
                        std::to_string(position != 0 ? position : index - hidden) + " (" + name + ") must be " +
                        expected + ", not " + kind_of(env, value);
  Napi::TypeError error = Napi::TypeError::New(env, message);
  error.Set("code", "ERR_INVALID_ARG_TYPE");
  throw error;
}

void Args::wrong_format(const char *what) {
  Napi::TypeError error = Napi::TypeError::New(env, std::string(function) + "(): the format " + what);
  error.Set("code", "ERR_INVALID_ARG_VALUE");
  throw error;
}
