// A vector of iovecs and the memory of each.
#pragma once
#include "arguments.h"
#include <vector>

// An iovec's two values: its memory, and the length that it shall have.
struct Iovec {
  // `text`: C only reads the memory, so a string serves too.
  Iovec(Arguments &a, bool text);
  Bytes base;
  size_t length;
};

class Iovecs {
public:
  // The caller's next argument: the number of iovecs, then base and length of each.
  Iovecs(Arguments &a, bool text) {
    int64_t count = a.count();
    null = count < 0;
    for (int64_t i = 0; i < count; i++) {
      Iovec &piece = pieces.emplace_back(a, text);
      entries.push_back({nullptr, piece.length});
    }
  }

  // The first `count` of them, if each lies within its memory, else EFAULT. A negative count is the kernel's to refuse.
  iovec *upto(int64_t count) {
    if (null) return nullptr;
    if (count > static_cast<int64_t>(entries.size())) throw Errno{EFAULT};
    for (size_t i = 0; static_cast<int64_t>(i) < count; i++)
      entries[i].iov_base = pieces[i].base.upto(pieces[i].length);
    return entries.data();
  }

private:
  bool null;
  std::vector<Iovec> pieces;
  std::vector<iovec> entries;
};
