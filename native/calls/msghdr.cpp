// The reading of messages: their fields become msghdrs, whose pointers lead to memory that is there.
#include "msghdr.h"
#include "iovec.h"
#include "unsafe_arguments/sockopt_pointers.h"

Messages::Messages(Arguments &a, bool sends_only) : sends(sends_only) {
  pieces.reserve(a.left() / 2); // enough for all: none moves, because headers point to them
  Arguments::Part part(a);
  int64_t count = a.count();
  null = count < 0;
  headers.reserve(null ? 0 : static_cast<size_t>(count) + 1); // never empty: an empty vector is no null pointer
  for (int64_t i = 0; i < count; i++) read(a);
}

mmsghdr *Messages::upto(size_t count) {
  if (null) return nullptr;
  if (count > headers.size()) throw Errno{EFAULT};
  if (count > good) throw Errno{error};
  return headers.data();
}

void Messages::write_back(const Bytes &results, int64_t count) const {
  auto *rows = static_cast<MessageResult *>(results.upto(0));
  if (rows == nullptr) return;
  size_t room = results.length() / sizeof *rows;
  for (size_t i = 0; static_cast<int64_t>(i) < count && i < room; i++) rows[i] = MessageResult(headers[i]);
}

void Messages::read(Arguments &a) {
  msghdr &header = headers.emplace_back().msg_hdr;
  Bytes name = sends ? a.in("msg_name") : a.out("msg_name");
  header.msg_namelen = a.u32("msg_namelen");
  int64_t vector = a.count();
  if (vector >= 0) header.msg_iov = pieces.data() + pieces.size();
  int64_t whole = 0; // pieces before the first that is longer than its memory
  for (int64_t i = 0; i < vector; i++) {
    Iovec piece(a, sends);
    if (whole == i && piece.base.has(piece.length)) whole++;
    pieces.push_back({keep(std::move(piece.base)), piece.length});
  }
  size_t iovlen = a.size("msg_iovlen");
  Bytes control = sends ? a.in("msg_control") : a.out("msg_control");
  size_t controllen = a.size("msg_controllen");
  header.msg_flags = a.i32("msg_flags");
  if (!name.has(signed_length(header.msg_namelen)) || !control.has(controllen) || iovlen > INT32_MAX ||
      (vector >= 0 && static_cast<int64_t>(iovlen) > whole)) {
    refuse(EFAULT);
  } else if (sends && !control.null() && controllen != 0) {
    control = control.copy(controllen); // another thread may change shared memory after the check
    if (control_holds_pointer(static_cast<char *>(control.upto(0)), controllen)) refuse(EINVAL);
  }
  header.msg_name = keep(std::move(name));
  header.msg_iovlen = static_cast<decltype(header.msg_iovlen)>(iovlen);
  header.msg_control = keep(std::move(control));
  header.msg_controllen = static_cast<decltype(header.msg_controllen)>(controllen);
}

// The pointer; memory that is the object's own lives as long as the call.
void *Messages::keep(Bytes &&bytes) {
  void *pointer = bytes.upto(0);
  if (bytes.owned()) kept.push_back(std::move(bytes));
  return pointer;
}

void Messages::refuse(int code) {
  if (good != SIZE_MAX) return;
  good = headers.size() - 1;
  error = code;
}
