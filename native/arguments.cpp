// The conversions of arguments.h that need not be inline, and the text of a TypeError.
#include "arguments.h"
#include "status.h"
#include <cmath>
#include <string>

Arguments::Arguments(napi_env environment, napi_callback_info info, const char *name)
    : env(environment), function(name) {
  check(env, napi_get_cb_info(env, info, &length, few, nullptr, nullptr));
  if (length <= on_the_stack) return;
  many = std::make_unique<napi_value[]>(length);
  check(env, napi_get_cb_info(env, info, &length, many.get(), nullptr, nullptr));
  values = many.get();
}

void Arguments::spread() {
  bool is_array = false;
  if (length != 1) return;
  check(env, napi_is_array(env, values[0], &is_array));
  if (!is_array) return;
  uint32_t count = 0;
  napi_value list = values[0];
  check(env, napi_get_array_length(env, list, &count));
  many = std::make_unique<napi_value[]>(count);
  for (uint32_t i = 0; i < count; i++) check(env, napi_get_element(env, list, i, &many[i]));
  values = many.get();
  length = count;
}

bool Arguments::whole(napi_value value, bool bigint, uint64_t *bits) const {
  double number;
  if (napi_get_value_double(env, value, &number) != napi_ok) {
    bool lossless;
    return bigint &&
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

double Arguments::number(const char *name) {
  napi_value value = next();
  double result;
  if (napi_get_value_double(env, value, &result) != napi_ok) wrong(name, "a number", value);
  return result;
}

Bytes Arguments::memory(const char *name, bool text) {
  napi_value value = next();
  Bytes result;
  if (!result.take(env, value, text)) wrong(name, text ? expected_text : expected_memory, value);
  return result;
}

napi_valuetype Arguments::type() const {
  napi_valuetype type = napi_undefined;
  if (index < length) check(env, napi_typeof(env, values[index], &type));
  return type;
}

Bytes Arguments::memory_of(const char *name) {
  napi_value value = next();
  Bytes result;
  if (!result.take(env, left() > 0 ? values[index++] : value, false)) wrong(name, expected_memory, value);
  return result;
}

int64_t Arguments::count() {
  double number = 0;
  check(env, napi_get_value_double(env, next(), &number));
  // lib/ counts what may be an array of the caller's own kind: not more than there are values.
  if (!(number >= -1 && number <= static_cast<double>(left()))) throw Errno{EINVAL};
  return static_cast<int64_t>(number);
}

// ---- The caller's value, in words. These run JavaScript (a getter of `constructor`): the call is over by then, and
// none of its pointers is used again.

namespace {
std::string shortened(std::string text) {
  constexpr size_t most = 40;
  if (text.size() <= most) return text;
  size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) end--; // not within a character
  return text.substr(0, end) + "...";
}

// A string, or what a number or a bigint is as one; empty on failure.
std::string text_of(napi_env env, napi_value value) {
  napi_value string;
  size_t length = 0;
  if (napi_coerce_to_string(env, value, &string) != napi_ok ||
      napi_get_value_string_utf8(env, string, nullptr, 0, &length) != napi_ok)
    return "";
  std::string text(length + 1, '\0');
  if (napi_get_value_string_utf8(env, string, &text[0], length + 1, &length) != napi_ok) return "";
  text.resize(length);
  return text;
}

// The name of an object's class; empty where it has none.
std::string class_of(napi_env env, napi_value object) {
  napi_value constructor, name;
  napi_valuetype type = napi_undefined;
  if (napi_get_named_property(env, object, "constructor", &constructor) != napi_ok ||
      napi_typeof(env, constructor, &type) != napi_ok || type != napi_function ||
      napi_get_named_property(env, constructor, "name", &name) != napi_ok || napi_typeof(env, name, &type) != napi_ok ||
      type != napi_string)
    return "";
  return text_of(env, name);
}

std::string describe_object(napi_env env, napi_value object) {
  bool is_array = false, pending = false;
  if (napi_is_array(env, object, &is_array) == napi_ok && is_array) return "an array";
  std::string name = class_of(env, object);
  if (napi_is_exception_pending(env, &pending) == napi_ok && pending) { // a Proxy's, or a getter's
    napi_value exception;
    napi_get_and_clear_last_exception(env, &exception);
    return "an object";
  }
  return name.empty() || name == "Object" ? "a plain object" : "an instance of " + shortened(name);
}

std::string describe(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  if (value == nullptr || napi_typeof(env, value, &type) != napi_ok) return "undefined";
  switch (type) {
  case napi_undefined:
    return "undefined";
  case napi_null:
    return "null";
  case napi_boolean: {
    bool is_true = false;
    return napi_get_value_bool(env, value, &is_true) == napi_ok && is_true ? "true" : "false";
  }
  case napi_number:
    return text_of(env, value);
  case napi_bigint:
    return shortened(text_of(env, value)) + "n";
  case napi_string:
    return "\"" + shortened(text_of(env, value)) + "\"";
  case napi_symbol:
    return "a symbol";
  case napi_function:
    return "a function";
  case napi_external:
    return "a native object";
  default:
    return describe_object(env, value);
  }
}
} // namespace

void Arguments::wrong(const char *name, const char *expected, napi_value value) {
  Napi::TypeError error =
      Napi::TypeError::New(env, std::string(function) + "(): argument " + std::to_string(position) + " (" + name +
                                    ") must be " + expected + ", got " + describe(env, value));
  error.Set("code", "ERR_INVALID_ARG_TYPE");
  throw error;
}

void Arguments::wrong_format(const char *what) {
  Napi::TypeError error = Napi::TypeError::New(env, std::string(function) + "(): the format " + what);
  error.Set("code", "ERR_INVALID_ARG_VALUE");
  throw error;
}
