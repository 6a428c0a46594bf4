// Memory with a guard page behind it, for calls whose data's length only the kernel knows.
#pragma once
#include "bytes.h"
#include <sys/mman.h>

// A copy of the caller's bytes that ends where unmapped pages begin. What the kernel would read or write beyond the
// bytes is an EFAULT, and never other memory of the process.
class GuardedCopy {
public:
  explicit GuardedCopy(const Bytes &memory) : caller(memory.upto(0)), size(memory.length()) {
    if (caller == nullptr) return;
    size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    size_t pages = (size + page - 1) / page * page;
    mapped = pages + 16 * page; // more than one guard page: the kernel may write a struct's fields in any order
    void *start = mmap(nullptr, mapped, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (start == MAP_FAILED) throw Errno{ENOMEM};
    base = static_cast<char *>(start);
    if (pages != 0 && mprotect(base, pages, PROT_READ | PROT_WRITE) != 0) {
      munmap(base, mapped);
      throw Errno{ENOMEM};
    }
    copy = base + pages - size;
    if (size != 0) memcpy(copy, caller, size);
  }
  ~GuardedCopy() {
    if (base != nullptr) munmap(base, mapped);
  }
  GuardedCopy(const GuardedCopy &) = delete;
  GuardedCopy &operator=(const GuardedCopy &) = delete;

  void *pointer() const { return copy; }
  void write_back() {
    if (size != 0 && copy != nullptr) memcpy(caller, copy, size);
  }

private:
  void *caller;
  size_t size, mapped = 0;
  char *base = nullptr, *copy = nullptr;
};
