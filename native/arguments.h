// The arguments of a JavaScript call, read one after the other as the C types that they stand for.
#pragma once
#include "bytes.h"
#include <napi.h>

// What a TypeError says of memory that C writes, and of memory that it only reads.
inline constexpr char expected_memory[] = "a pointer (a struct, a box, an array, a buffer or view, null)";
inline constexpr char expected_text[] = "a pointer (a struct, a box, an array, a buffer or view, a string, null)";

// A reader over the values of a call. A body reads all arguments in C's order before it asks for memory, so a wrong
// type is a TypeError whatever else is wrong. The TypeError counts as the caller counts: several values may stand for
// one argument (a struct's fields), and some are lib/'s own (the errno that printf's %m names).
class Arguments {
public:
  Arguments(napi_env env, napi_callback_info info, const char *function);
  Arguments(const Arguments &) = delete;
  Arguments &operator=(const Arguments &) = delete;

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

  // A whole number, modulo 2^64; false for anything else.
  bool whole(napi_value value, bool bigint, uint64_t *bits) const;

  // Memory that C only reads (`const void *`, `const char *`): a string serves too.
  Bytes in(const char *name) { return memory(name, true); }
  // Memory that C writes.
  Bytes out(const char *name) { return memory(name, false); }

  // The same of an argument that may be a number too: lib/ passes an object as the caller gave it, and then its memory.
  Bytes memory_of(const char *name);

  // The number of structs of a vector, whose fields are the values that follow; -1 for the null pointer.
  int64_t count();

  // The next value; nullptr where there is none.
  napi_value next() {
    if (!within_one) position++;
    return index < length ? values[index++] : nullptr;
  }
  // The next value's type; it stays the next.
  napi_valuetype type() const;
  // Whether another value is there that is not undefined: an argument that C may leave out.
  bool more() const { return index < length && type() != napi_undefined; }
  // How many values are left.
  size_t left() const { return length - index; }

  // The values of one array take the place of the arguments: lib/ passes more values so than the stack holds.
  void spread();

  // While it lives, all values that are read are one argument of the caller's: the next, or the one of that number.
  class Part {
  public:
    explicit Part(Arguments &arguments) : a(arguments), after(++a.position) { a.within_one = true; }
    Part(Arguments &arguments, unsigned number) : a(arguments), after(a.position) {
      a.position = number;
      a.within_one = true;
    }
    Part(const Part &) = delete;
    Part &operator=(const Part &) = delete;
    ~Part() {
      a.within_one = false;
      a.position = after;
    }

  private:
    Arguments &a;
    unsigned after;
  };

  [[noreturn]] void wrong(const char *name, const char *expected, napi_value value);
  // A printf format that cannot be carried out.
  [[noreturn]] void wrong_format(const char *what);

  const Napi::Env env;

private:
  Bytes memory(const char *name, bool text);

  static constexpr size_t on_the_stack = 6;
  const char *function;
  const napi_value *values = few;
  size_t length = on_the_stack, index = 0;
  unsigned position = 0;   // of the value that was read last, as the caller counts: from 1
  bool within_one = false; // position stays: a Part is being read
  napi_value few[on_the_stack];
  std::unique_ptr<napi_value[]> many;
};

// A value-result length (`socklen_t *`). The kernel sees a copy: another thread may change shared memory after the
// check.
class Length {
public:
  Length(Arguments &a, const char *name) : box(a.out(name)) {}
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
