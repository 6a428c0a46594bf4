// The poller: a kernel object that reports which of its registered descriptors are ready. epoll.cpp implements it on
// Linux and kqueue.cpp on macOS; calls.cpp exports it to lib/events/poller.ts.
#pragma once
#include <cstddef>
#include <cstdint>

// One ready descriptor, in the memory that lib/events/poller.ts reads.
struct ReadyEntry {
  int32_t fd;
  int32_t tag;    // what the registration was made with
  int32_t events; // POLL bits
};

// The numbers that lib/events/poller.ts passes.
enum PollerOperation { poller_add = 0, poller_modify = 1, poller_delete = 2 };
// poller_exclusive: of several pollers that watch one file, an event wakes at least one, not all. kqueue has no such
// flag.
enum PollerFlags { poller_edge = 1, poller_oneshot = 2, poller_exclusive = 4 };

// The most entries that one call of poller_collect() fills.
inline constexpr size_t poller_batch = 1024;

// The poller's own descriptor, close-on-exec; -1 and errno on failure.
int poller_create();
// Replaces the poller under its number by a new one without registrations: those of a file whose number was closed
// while a duplicate keeps it open cannot be deleted one by one. kqueue drops them itself: 0, and nothing is done.
// -1 and errno on failure.
int poller_replace(int poller);
// Adds, modifies or deletes the registration of `fd`. `events`: POLL bits; `flags`: PollerFlags. -1 and errno on
// failure.
int poller_control(int poller, int operation, int fd, int32_t tag, int events, int flags);
// Waits up to `timeout` ms (-1: without limit) and fills at most `room` entries. Their number; -1 and errno on failure.
int poller_collect(int poller, ReadyEntry *ready, size_t room, int timeout);
