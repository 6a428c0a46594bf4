// Room: a set of watched descriptors: epoll on Linux, kqueue on macOS.
#pragma once
#include <cstddef>
#include <cstdint>

// One descriptor that is ready, as lib/poller.ts reads it: its number, the tag that it was added with, POLL bits.
struct ReadyEntry {
  int32_t fd, tag, events;
};

inline constexpr size_t poller_batch = 1024;

int poller_create();
int poller_control(int poller, int op, int fd, int32_t tag, int events, int flags);
// How many of at most `room` (and poller_batch) entries were filled; -errno.
int poller_collect(int poller, ReadyEntry *ready, size_t room, int timeout);
