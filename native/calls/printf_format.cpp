// The conversions of a printf format.
#include "printf_format.h"

namespace {
template <typename T> void append(std::string &out, const std::string &spec, T value) {
  int length = snprintf(nullptr, 0, spec.c_str(), value);
  if (length < 0) throw Errno{errno};
  size_t start = out.size();
  out.resize(start + static_cast<size_t>(length) + 1);
  snprintf(&out[start], static_cast<size_t>(length) + 1, spec.c_str(), value);
  out.pop_back();
}

// One `%…` of a format: flags, width and precision as they stand (a `*` replaced by its argument), and the conversion.
class Formatter {
public:
  Formatter(Arguments &a, int error) : args(a), error_number(error) {}

  std::string format(const char *text) {
    std::string out;
    for (const char *p = text; *p != '\0';) {
      if (*p != '%') {
        out += *p++;
        continue;
      }
      p = conversion(p + 1, out);
    }
    return out;
  }

private:
  const char *conversion(const char *p, std::string &out) {
    std::string spec = "%";
    while (*p != '\0' && strchr("-+ #0'", *p) != nullptr) spec += *p++;
    p = number(p, spec, nullptr);
    int precision = -1;
    if (*p == '.') {
      spec += *p++;
      precision = 0;
      p = number(p, spec, &precision);
    }
    std::string length;
    while (*p != '\0' && strchr("hlqjzt L", *p) != nullptr && *p != ' ') length += *p++;
    char kind = *p;
    if (kind == '\0') args.wrong_format("ends within a conversion");
    convert(spec, length, kind, precision, out);
    return p + 1;
  }

  const char *number(const char *p, std::string &spec, int *value) {
    if (*p == '*') {
      int argument = args.i32("*");
      if (value != nullptr && argument < 0) { // a negative precision is none
        spec.pop_back();
        *value = -1;
        return p + 1;
      }
      spec += std::to_string(argument);
      if (value != nullptr) *value = argument;
      return p + 1;
    }
    std::string digits;
    while (*p >= '0' && *p <= '9') digits += *p++;
    if (digits.size() > 9) args.wrong_format("has a width or precision beyond 999999999");
    if (value != nullptr && !digits.empty()) *value = std::stoi(digits);
    spec += digits;
    return p;
  }

  void convert(const std::string &spec, const std::string &length, char kind, int precision, std::string &out) {
    const std::string conversion = "%" + length + kind;
    const char *name = conversion.c_str();
    switch (kind) {
    case '%':
      out += '%';
      return;
    case 'd':
    case 'i':
      append(out, spec + "jd", signed_integer(name, length));
      return;
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      append(out, spec + "j" + kind, unsigned_integer(name, length));
      return;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
      append(out, spec + kind, args.number(name));
      return;
    case 'c':
      append(out, spec + 'c', character(name));
      return;
    case 's':
      text(name, spec, precision, out);
      return;
    case 'p':
      append(out, spec + 'p', args.in(name).upto(0));
      return;
    case 'm':
      append(out, spec + 's', strerror(error_number));
      return;
    default:
      args.wrong_format("has a conversion that is not supported");
    }
  }

  // Truncated as C passes it: %d takes the low 32 bits, %hhd the low 8.
  intmax_t signed_integer(const char *name, const std::string &length) {
    if (length == "hh") return static_cast<signed char>(args.i32(name));
    if (length == "h") return static_cast<short>(args.i32(name));
    if (length.empty()) return args.i32(name);
    return args.integer<int64_t>(name);
  }
  uintmax_t unsigned_integer(const char *name, const std::string &length) {
    if (length == "hh") return static_cast<unsigned char>(args.u32(name));
    if (length == "h") return static_cast<unsigned short>(args.u32(name));
    if (length.empty()) return args.u32(name);
    return args.integer<uint64_t>(name);
  }

  // A number, or what C writes as 'A': a text of one byte.
  int character(const char *name) {
    if (args.type() != napi_string) return args.i32(name);
    Bytes text = args.in(name);
    if (text.length() != 2) args.wrong_format("has a %c conversion whose text is not of one byte");
    return static_cast<unsigned char>(*text.text());
  }

  // Never beyond the memory: up to the precision, the NUL, or neither where neither comes first.
  void text(const char *name, const std::string &spec, int precision, std::string &out) {
    Bytes bytes = args.in(name);
    if (bytes.null()) return append(out, spec + 's', "(null)");
    const char *start = static_cast<const char *>(bytes.upto(0));
    size_t limit = bytes.length();
    bool cut = precision >= 0 && static_cast<size_t>(precision) <= limit;
    size_t end = strnlen(start, cut ? static_cast<size_t>(precision) : limit);
    if (!cut && end == limit) throw Errno{EFAULT};
    append(out, spec + 's', std::string(start, end).c_str());
  }

  Arguments &args;
  int error_number;
};
} // namespace

std::string format_text(Arguments &a, int error, const char *format) { return Formatter(a, error).format(format); }
