// How a C call's result reaches lib/: one number, the result itself or -errno.
#pragma once
#include <cerrno>
#include <cstdint>

// Thrown to end a call with -code, before the system call is made or in its place.
struct Errno {
  int code;
};

template <typename T> inline int64_t ret(T result) {
  return result < 0 ? -static_cast<int64_t>(errno) : static_cast<int64_t>(result);
}
