// Room: <stdio.h>, and the texts of <string.h> and <stdlib.h>. The C library formats; each conversion goes to its
// snprintf with an argument of exactly the type that the conversion names.
#include "addon.h"
#include "call.h"

namespace {
// Everything, at once. A descriptor that Node's parent left non-blocking is waited for, as C's blocking one would.
int64_t write_all(int fd, const std::string &text) {
  size_t done = 0;
  while (done < text.size()) {
    ssize_t written = ::write(fd, text.data() + done, text.size() - done);
    if (written >= 0)
      done += static_cast<size_t>(written);
    else if (errno == EAGAIN) {
      pollfd ready = {fd, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR)
      return -errno;
  }
  return static_cast<int64_t>(done);
}

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
  Formatter(Args &a, int error) : args(a), error_number(error) {}

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
      int argument = args.i32("width or precision");
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
    switch (kind) {
    case '%':
      out += '%';
      return;
    case 'd':
    case 'i':
      append(out, spec + "jd", signed_integer(length));
      return;
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      append(out, spec + "j" + kind, unsigned_integer(length));
      return;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
      append(out, spec + kind, args.number("a floating-point conversion's"));
      return;
    case 'c':
      append(out, spec + 'c', character());
      return;
    case 's':
      text(spec, precision, out);
      return;
    case 'p':
      append(out, spec + 'p', args.in("a %p conversion's").upto(0));
      return;
    case 'm':
      append(out, spec + 's', strerror(error_number));
      return;
    default:
      args.wrong_format("has a conversion that printf() here does not have");
    }
  }

  // Truncated as C passes it: %d takes the low 32 bits, %hhd the low 8.
  intmax_t signed_integer(const std::string &length) {
    if (length == "hh") return static_cast<signed char>(args.i32("an integer conversion's"));
    if (length == "h") return static_cast<short>(args.i32("an integer conversion's"));
    if (length.empty()) return args.i32("an integer conversion's");
    return args.integer<int64_t>("an integer conversion's");
  }
  uintmax_t unsigned_integer(const std::string &length) {
    if (length == "hh") return static_cast<unsigned char>(args.u32("an integer conversion's"));
    if (length == "h") return static_cast<unsigned short>(args.u32("an integer conversion's"));
    if (length.empty()) return args.u32("an integer conversion's");
    return args.integer<uint64_t>("an integer conversion's");
  }

  // A number, or what C writes as 'A': a text of one byte.
  int character() {
    if (args.type() != napi_string) return args.i32("a %c conversion's");
    Bytes text = args.in("a %c conversion's");
    if (text.length() != 2) args.wrong_format("has a %c conversion whose text is not of one byte");
    return static_cast<unsigned char>(*text.text());
  }

  // Never beyond the memory: up to the precision, the NUL, or neither where neither comes first.
  void text(const std::string &spec, int precision, std::string &out) {
    Bytes bytes = args.in("a %s conversion's");
    if (bytes.null()) return append(out, spec + 's', "(null)");
    const char *start = static_cast<const char *>(bytes.upto(0));
    size_t limit = bytes.length();
    bool cut = precision >= 0 && static_cast<size_t>(precision) <= limit;
    size_t end = strnlen(start, cut ? static_cast<size_t>(precision) : limit);
    if (!cut && end == limit) throw Errno{EFAULT};
    append(out, spec + 's', std::string(start, end).c_str());
  }

  Args &args;
  int error_number;
};
} // namespace

// int printf(const char *format, ...); after the caller's errno (for %m) and the descriptor of stdout.
CALL(printf) {
  a.hide(2);
  int error = a.i32("errno"), fd = a.i32("stdout");
  Bytes format = a.in("format");
  format.exactly(1);
  return write_all(fd, Formatter(a, error).format(format.text()));
}

// int fprintf(FILE *stream, const char *format, ...); after the caller's errno.
CALL(fprintf) {
  a.hide(1);
  int error = a.i32("errno"), fd = a.i32("stream");
  Bytes format = a.in("format");
  format.exactly(1);
  return write_all(fd, Formatter(a, error).format(format.text()));
}

// All of a text to a descriptor, at once: perror, herror.
CALL(write_text) {
  int fd = a.i32("fd");
  Bytes text = a.in("text");
  return write_all(fd, text.text());
}

// char *strerror(int errnum);
VALUE(strerror) {
  int errnum = a.i32("errnum");
  char buffer[128]; // the plain one's is shared by threads
#if defined(__GLIBC__)
  return Napi::String::New(a.env, strerror_r(errnum, buffer, sizeof buffer));
#else
  if (strerror_r(errnum, buffer, sizeof buffer) != 0 && buffer[0] == '\0')
    snprintf(buffer, sizeof buffer, "Unknown error: %d", errnum);
  return Napi::String::New(a.env, buffer);
#endif
}

// void abort(void);
CALL(abort) { ::abort(); }

void init_stdio(Napi::Object exports) {
  EXPORT(printf);
  EXPORT(fprintf);
  EXPORT(write_text);
  EXPORT(strerror);
  EXPORT(abort);
}
