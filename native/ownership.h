// Which object of the typed layers owns which descriptor number. One table for the process, since numbers are the
// process's: a close by any thread, in any layer, ends the ownership of that number.
#pragma once
#include "call.h"
#include <cstdint>

namespace ownership {

// What is known of the file behind a number that is claimed, without a system call more. A close compares it.
enum class Identity : uint8_t {
  unknown,
  socket,
  poller, // epoll: an anonymous file, which has no type
  exact,  // device and inode number
};

// A C-layer call gave `result`, a descriptor or -errno. Where an object owned that number, its descriptor was closed
// behind its back. Gives `result`.
int64_t handed_out(int64_t result);

// `fd` is about to be closed, by a call that is not its owner's.
void closes(int fd);

// `fd` was closed, by whichever call: event loops that have it registered are woken.
void closed(int fd);

// The calling environment owns `fd` from now on: a typed layer's call made it. Gives `fd`; -errno is passed through.
int64_t claim(napi_env env, int64_t fd, Identity identity);

// The descriptors that a received message's control data brought: claimed, or handed out where `env` is null.
// `flags` are the call's: without MSG_CMSG_CLOEXEC, claimed descriptors are made close-on-exec here.
void received(napi_env env, msghdr &message, int flags);

} // namespace ownership
