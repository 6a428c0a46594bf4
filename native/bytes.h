// The memory behind a pointer argument.
#pragma once
#include "os.h"
#include "result.h"
#include <memory>
#include <node_api.h>

// `null` and a detached buffer are the null pointer. SAFETY: the caller's memory stays valid until the call returns,
// because no JavaScript runs between the conversion and the system call; a string's bytes and a copy are this object's.
class Bytes {
public:
  Bytes() = default; // the null pointer

  // Takes the memory of a JavaScript value; false if the value is no pointer. `text`: a string is one, as its UTF-8
  // bytes and a NUL.
  bool take(napi_env env, napi_value value, bool text);
  // A copy of the first `length` bytes.
  Bytes copy(size_t length) const;

  // The pointer, if `length` bytes stand behind it, else EFAULT. The null pointer has every length: the kernel answers.
  void *upto(size_t length) const {
    if (!has(length)) throw Errno{EFAULT};
    return pointer;
  }
  // The same, with EFAULT for the null pointer: where C passes no length, the C library would follow it.
  void *exactly(size_t length) const {
    if (pointer == nullptr) throw Errno{EFAULT};
    return upto(length);
  }
  // A C string: the null pointer, or text whose NUL lies within the memory, else EFAULT.
  const char *text() const {
    if (pointer != nullptr && memchr(pointer, 0, size) == nullptr) throw Errno{EFAULT};
    return static_cast<const char *>(pointer);
  }
  // Whether upto() gives the pointer.
  bool has(size_t length) const { return pointer == nullptr || length <= size; }
  bool null() const { return pointer == nullptr; }
  size_t length() const { return size; }
  // Whether the memory is this object's own: a string's, or a copy.
  bool owned() const { return own != nullptr; }
  explicit operator bool() const { return pointer != nullptr; }

private:
  void allocate(size_t length);
  void *pointer = nullptr;
  size_t size = 0;
  std::unique_ptr<char[]> own;
};

// What must stand behind a length that is signed in the kernel: a negative one is the kernel's to refuse.
inline size_t signed_length(socklen_t length) { return static_cast<int32_t>(length) < 0 ? 0 : length; }

inline const sockaddr *address(const Bytes &addr, socklen_t addrlen) {
  return static_cast<const sockaddr *>(addr.upto(signed_length(addrlen)));
}
