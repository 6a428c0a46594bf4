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

void Bytes::take(size_t length) {
  own = std::make_unique<char[]>(length);
  pointer = own.get();
  size = length;
}

Bytes Bytes::copy(size_t length) const {
  Bytes result;
  result.take(length);
  memcpy(result.pointer, upto(length), length);
  return result;
}

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
    result->take(bytes + 1); // room for the NUL
    napi_get_value_string_utf8(env, value, result->own.get(), bytes + 1, &bytes);
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

void Args::read(napi_value list) {
  uint32_t length = 0;
  napi_get_array_length(env, list, &length);
  values.resize(length);
  for (uint32_t i = 0; i < length; i++) napi_get_element(env, list, i, &values[i]);
}

Args Args::fields(const char *name, const char *type) {
  if (!list()) wrong(name, type);
  Args result(env, function);
  result.read(next());
  result.position = index - hidden;
  return result;
}

void Args::unpack() {
  if (info->Length() != 1 || !list()) return;
  read(next());
  info = nullptr;
  index = 0;
}

int64_t Args::count(const char *name, const char *type) {
  double number = 0;
  napi_get_value_double(env, next(), &number);
  // Not more than there are arguments, and not NaN: lib/ counts what may be an array of the caller's own kind.
  if (!(number >= -1 && number <= static_cast<double>(left()))) wrong(name, type);
  return static_cast<int64_t>(number);
}

Bytes Args::piece(const char *name, bool text, size_t *length) {
  napi_value base = next(), size = next();
  Bytes result;
  uint64_t wanted;
  if (!memory(base, &result, text)) wrong(name, "a vector of iovecs whose iov_base is a pointer", base);
  if (!whole(size, true, &wanted)) wrong(name, "a vector of iovecs whose iov_len is an integer", size);
  *length = static_cast<size_t>(wanted);
  return result;
}

Iov Args::iov(const char *name, bool text) {
  Iov result;
  int64_t length = count(name, "an iovec or an array of them");
  result.null = length < 0;
  for (int64_t i = 0; i < length; i++) {
    iovec entry = {};
    result.memory.push_back(piece(name, text, &entry.iov_len));
    result.entries.push_back(entry);
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
