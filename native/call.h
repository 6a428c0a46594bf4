// Room: how a JavaScript call becomes a C call. The only place that converts arguments and takes pointers.
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
// A body reads its arguments in C's order, all of them, before it asks for memory: a wrong type is a TypeError whatever
// else is wrong. SAFETY: nothing here runs JavaScript (no property is read, no value is coerced; lib/ unwraps structs
// and boxes first), so a pointer taken from a view stays valid until the body returns, and none outlives it.
#pragma once
#include "os.h"
#include <memory>
#include <napi.h>
#include <new>
#include <string>
#include <vector>

// Ends a call with -code: memory that is too small, for one.
struct Errno {
  int code;
};

// The result of a C call as one number: what it returned, or -errno.
template <typename T> inline int64_t ret(T result) {
  return result < 0 ? -static_cast<int64_t>(errno) : static_cast<int64_t>(result);
}

// The memory behind a pointer argument; `null` and a detached buffer are the null pointer.
class Bytes {
public:
  // The pointer, if `length` bytes stand behind it; the null pointer as it is: the kernel says what it thinks of that.
  void *upto(size_t length) const {
    if (!has(length)) throw Errno{EFAULT};
    return pointer;
  }
  // The same where C passes no length and the C library itself would follow the null pointer.
  void *exactly(size_t length) const {
    if (pointer == nullptr) throw Errno{EFAULT};
    return upto(length);
  }
  // A C string: the null pointer, or text that ends within its memory.
  const char *text() const {
    if (pointer != nullptr && memchr(pointer, 0, size) == nullptr) throw Errno{EFAULT};
    return static_cast<const char *>(pointer);
  }
  // Whether upto() would give it.
  bool has(size_t length) const { return pointer == nullptr || length <= size; }
  bool null() const { return pointer == nullptr; }
  size_t length() const { return size; }
  explicit operator bool() const { return pointer != nullptr; }
  // A copy of the first `length` bytes.
  Bytes copy(size_t length) const;
  // Whether the memory is this object's own: a string's, or a copy.
  bool owned() const { return own != nullptr; }

private:
  friend class Args;
  void *pointer = nullptr;
  size_t size = 0;
  std::unique_ptr<char[]> own;
  Bytes() = default;
  void take(size_t length); // memory of its own
};

// A vector of iovecs and the memory of each.
class Iov {
public:
  // The first `count` of them; a negative count is the kernel's to refuse.
  iovec *upto(int64_t count) {
    if (null) return nullptr;
    if (count > static_cast<int64_t>(entries.size())) throw Errno{EFAULT};
    for (size_t i = 0; static_cast<int64_t>(i) < count; i++) entries[i].iov_base = memory[i].upto(entries[i].iov_len);
    return entries.data();
  }

private:
  friend class Args;
  bool null = false;
  std::vector<iovec> entries;
  std::vector<Bytes> memory;
};

// The arguments of one call, read one after the other.
class Args {
public:
  Args(const Napi::CallbackInfo &callback, const char *name) : env(callback.Env()), info(&callback), function(name) {}

  // A C integer of `T`: wraps as C converts; 64-bit ones take a bigint too.
  template <typename T> T integer(const char *name) {
    napi_value value = next();
    uint64_t bits;
    if (!whole(value, sizeof(T) == 8, &bits))
      wrong(name, sizeof(T) == 8 ? "an integer or a bigint" : "an integer", value);
    return static_cast<T>(bits);
  }
  int i32(const char *name) { return integer<int32_t>(name); }
  unsigned u32(const char *name) { return integer<uint32_t>(name); }
  size_t size(const char *name) { return integer<size_t>(name); }
  double number(const char *name);

  // Memory that C only reads (`const void *`, `const char *`): a string serves too.
  Bytes in(const char *name) { return bytes(name, true); }
  // Memory that C writes.
  Bytes out(const char *name) { return bytes(name, false); }
  // A vector of iovecs, which lib/ flattened to their number and [base, length, base, length, ...]. `text`: C only
  // reads, so strings serve too.
  Iov iov(const char *name, bool text);
  // One of them: its memory, and the length that it shall have.
  Bytes piece(const char *name, bool text, size_t *length);
  // A vector that lib/ flattened: how many structs follow, or -1 for the null pointer.
  int64_t count(const char *name, const char *type);
  // A struct that holds pointers, which lib/ flattened to a list of its fields: they are read as arguments are.
  Args fields(const char *name, const char *type);
  // The arguments themselves, when they are so many that lib/ gives one list of them.
  void unpack();
  // What is read between these two is one argument of the caller's.
  void open() { position = index + 1 - hidden; }
  void close() {
    hidden = index - position;
    position = 0;
  }
  // Whether the next argument is the null pointer; steps over it if so.
  bool null();
  // Whether the next argument is a struct that lib/ flattened.
  bool list() const;
  // The first `count` arguments are lib/'s own: messages count from the caller's first.
  void hide(size_t count) { hidden = count; }
  // An argument that may be left out.
  bool more() const { return index < info->Length() && !(*info)[index].IsUndefined(); }
  napi_value next() {
    if (info != nullptr) return (*info)[index++];
    return index < values.size() ? values[index++] : nullptr;
  }
  // How many arguments are left.
  size_t left() const {
    size_t length = info != nullptr ? info->Length() : values.size();
    return length > index ? length - index : 0;
  }
  napi_valuetype type() const;

  [[noreturn]] void wrong(const char *name, const char *expected, napi_value value);
  [[noreturn]] void wrong_format(const char *what); // a printf format that cannot be carried out
  [[noreturn]] void wrong(const char *name, const char *expected) {
    wrong(name, expected, next());
  } // the next argument
  // The memory of a value; false when it is no pointer.
  bool memory(napi_value value, Bytes *result, bool text);
  // A whole number, modulo 2^64; false for anything else.
  bool whole(napi_value value, bool big, uint64_t *bits);

  const Napi::Env env;

private:
  Args(Napi::Env environment, const char *name) : env(environment), info(nullptr), function(name) {}
  void read(napi_value list);
  Bytes bytes(const char *name, bool text);

  const Napi::CallbackInfo *info;
  std::vector<napi_value> values; // of a struct: handles that live as long as the call
  const char *function;
  size_t index = 0, hidden = 0, position = 0; // position: among the call's arguments, of what is read in parts
};

// What must stand behind a length that is signed in the kernel: a negative one is the kernel's to refuse.
inline size_t signed_length(socklen_t length) { return static_cast<int32_t>(length) < 0 ? 0 : length; }

inline const sockaddr *address(const Bytes &addr, socklen_t addrlen) {
  return static_cast<const sockaddr *>(addr.upto(signed_length(addrlen)));
}

// A value-result length (`socklen_t *`). The kernel sees a copy: another thread may change shared memory after the
// check.
class Length {
public:
  Length(Args &a, const char *name) : box(a.out(name)) {}
  // The length to pass. `memory` is what it is the length of.
  socklen_t *of(const Bytes &memory) {
    void *pointer = box.upto(sizeof(socklen_t));
    if (pointer == nullptr) return nullptr;
    memcpy(&value, pointer, sizeof value);
    memory.upto(signed_length(value));
    return &value;
  }
  void write_back() {
    if (box) memcpy(box.upto(sizeof value), &value, sizeof value);
  }
  socklen_t value = 0;

private:
  Bytes box;
};

inline Napi::Value as_number(Napi::Env env, int64_t (*body)(Args &), Args &a) {
  int64_t result;
  try {
    result = body(a);
  } catch (const Errno &e) { result = -e.code; } catch (const std::bad_alloc &) {
    result = -ENOMEM;
  }
  return Napi::Number::New(env, static_cast<double>(result));
}

// A function whose result is one number: the call's own, or -errno.
#define CALL(name)                                                                                                     \
  static int64_t name##_body(Args &a);                                                                                 \
  static Napi::Value name##_call(const Napi::CallbackInfo &info) {                                                     \
    Args a(info, #name);                                                                                               \
    return as_number(info.Env(), name##_body, a);                                                                      \
  }                                                                                                                    \
  static int64_t name##_body([[maybe_unused]] Args &a)

// A function whose result is a JavaScript value: text, a list. An Errno comes back as the number -errno.
#define VALUE(name)                                                                                                    \
  static Napi::Value name##_body(Args &a);                                                                             \
  static Napi::Value name##_call(const Napi::CallbackInfo &info) {                                                     \
    Args a(info, #name);                                                                                               \
    try {                                                                                                              \
      return name##_body(a);                                                                                           \
    } catch (const Errno &e) { return Napi::Number::New(info.Env(), -e.code); } catch (const std::bad_alloc &) {       \
      return Napi::Number::New(info.Env(), -ENOMEM);                                                                   \
    }                                                                                                                  \
  }                                                                                                                    \
  static Napi::Value name##_body([[maybe_unused]] Args &a)

#define EXPORT(name) exports.Set(#name, Napi::Function::New<name##_call>(exports.Env(), #name))
