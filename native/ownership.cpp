// The table of ownership. A descriptor number that an object of a typed layer owns has a slot with the owner's
// environment and a ticket, a number that no other ownership has. JavaScript sees its environment's tickets in an
// Int32Array, the mirror: before each call a socket compares its ticket with the mirror, and no caller's code runs
// between that and the system call.
//
// Ownership begins here, in the call that makes the descriptor. A worker that is terminated between that call and the
// construction of its Socket leaks nothing: what its environment owns is closed when it ends.
//
// Threads: the table is guarded by a mutex. Another thread that closes a number also writes the owner's mirror, one
// aligned 32-bit store that JavaScript may see at its next call. A call that waits makes no next call: each environment
// therefore marks the numbers that its event loop has registered, and is woken when a marked number is closed or handed
// out by any thread. Before it closes a number itself, an environment takes its mark away. It is woken after the close:
// the environment can then tell by the kernel's answer whether a registration is dead.
#include "ownership.h"
#include "addon.h"
#include "mutex.h"
#include "status.h"
#include <cstdlib>
#include <sys/stat.h>
#include <utility>

namespace {
// What a collector should know of an open socket, in bytes: the kernel's memory for one, without its queues.
constexpr int64_t socket_cost = 4096;

// A copy of the package's JavaScript has a mirror of its own: one thread may have loaded two.
struct Mirror {
  Napi::Reference<Napi::Int32Array> reference; // keeps the memory alive
  int32_t *tickets;
  size_t length;
  Mirror *next;
};

struct Environment {
  Mirror *mirrors = nullptr;
  int64_t owned = 0;    // how many numbers it owns; changed by any thread, with the lock held
  int64_t reported = 0; // how many the collector knows of; its own thread's
  // References of numbers that are owned no more. Only the environment's own thread may delete them.
  napi_ref *ended = nullptr;
  size_t ended_count = 0, ended_room = 0;

  Environment() = default;
  Environment(const Environment &) = delete;
  Environment &operator=(const Environment &) = delete;
  ~Environment() {
    free(static_cast<void *>(ended));
    while (mirrors != nullptr) delete std::exchange(mirrors, mirrors->next);
  }

  void end_reference(napi_ref reference) {
    if (ended_count == ended_room) {
      size_t room = ended_room == 0 ? 64 : 2 * ended_room;
      void *larger = realloc(static_cast<void *>(ended), room * sizeof(napi_ref));
      if (larger == nullptr) return; // the reference ends with the environment
      ended = static_cast<napi_ref *>(larger);
      ended_room = room;
    }
    ended[ended_count++] = reference;
  }
};

// An event loop that is woken.
struct Watcher {
  Environment *environment;
  Napi::Reference<Napi::Uint8Array> reference; // keeps the memory alive
  const uint8_t *marks;                        // 1 for each number that the event loop has registered
  size_t length;
  napi_threadsafe_function wake; // null once the environment ends
  Watcher *next;
};

using ownership::Identity;

struct Slot {
  Environment *owner; // null: no object owns the number
  int32_t ticket;
  Identity identity;
  dev_t device;
  ino_t inode;
  napi_ref object; // the owner's Descriptor, weakly; null until it is tracked
};

// Plain memory: a static object with a destructor would run it after the addon was unloaded.
Mutex mutex;
Slot *slots = nullptr;
size_t slot_count = 0;
int32_t last_ticket = 0;
Watcher *watchers = nullptr;

Slot *slot_of(int fd) { return fd >= 0 && static_cast<size_t>(fd) < slot_count ? &slots[fd] : nullptr; }

Slot *make_slot(int fd) {
  if (static_cast<size_t>(fd) >= slot_count) {
    size_t count = slot_count == 0 ? 1024 : slot_count;
    while (count <= static_cast<size_t>(fd)) count *= 2;
    Slot *larger = static_cast<Slot *>(realloc(slots, count * sizeof(Slot)));
    if (larger == nullptr) return nullptr;
    memset(static_cast<void *>(larger + slot_count), 0, (count - slot_count) * sizeof(Slot));
    slots = larger;
    slot_count = count;
  }
  return &slots[fd];
}

void show(const Environment *environment, int fd, int32_t ticket) {
  for (const Mirror *each = environment->mirrors; each != nullptr; each = each->next)
    if (static_cast<size_t>(fd) < each->length) __atomic_store_n(&each->tickets[fd], ticket, __ATOMIC_RELEASE);
}

void clear(Slot &slot, int fd) {
  if (slot.owner != nullptr) {
    show(slot.owner, fd, 0);
    slot.owner->owned--;
    if (slot.object != nullptr) slot.owner->end_reference(slot.object);
  }
  slot = {};
}

// Wakes the event loops that have the number registered. With the lock held.
void wake_loops(int fd) {
  for (Watcher *each = watchers; each != nullptr; each = each->next) {
    if (static_cast<size_t>(fd) >= each->length || !__atomic_load_n(&each->marks[fd], __ATOMIC_ACQUIRE)) continue;
    if (each->wake == nullptr) continue;
    // napi_queue_full: the environment is about to wake. napi_closing: it ends.
    napi_status status = napi_call_threadsafe_function(each->wake, nullptr, napi_tsfn_nonblocking);
    if (status == napi_closing) each->wake = nullptr;
  }
}

// The environment of a watcher ends.
void watcher_ends(napi_env, void *data, void *) {
  Lock lock(mutex);
  for (Watcher **at = &watchers; *at != nullptr; at = &(*at)->next) {
    if (*at != data) continue;
    *at = (*at)->next;
    break;
  }
  delete static_cast<Watcher *>(data);
}

Environment *environment_of(napi_env env) {
  void *data = nullptr;
  return napi_get_instance_data(env, &data) == napi_ok ? static_cast<Environment *>(data) : nullptr;
}

// Tells the collector what the environment's sockets cost, and deletes references that ended: those of numbers that
// other threads closed included.
void tell_collector(napi_env env, Environment *environment) {
  int64_t change, total;
  {
    Lock lock(mutex);
    change = environment->owned - environment->reported;
    environment->reported = environment->owned;
    while (environment->ended_count > 0)
      require_ok(napi_delete_reference(env, environment->ended[--environment->ended_count]), "napi_delete_reference");
  }
  require_ok(napi_adjust_external_memory(env, change * socket_cost, &total), "napi_adjust_external_memory");
}

// A closed worker's descriptors; the main thread's go with the process.
void environment_ends(void *data) {
  auto *environment = static_cast<Environment *>(data);
  Lock lock(mutex);
  for (Watcher *each = watchers; each != nullptr; each = each->next)
    if (each->environment == environment) each->length = 0;
  for (size_t fd = 0; fd < slot_count; fd++) {
    if (slots[fd].owner != environment) continue;
    slots[fd] = {};
    ::close(static_cast<int>(fd));
    wake_loops(static_cast<int>(fd));
  }
}

// Notes which file is behind the number.
void identify(Slot &slot, int fd) {
  struct stat file;
  if (::fstat(fd, &file) != 0) {
    slot.identity = Identity::unknown;
    return;
  }
  slot.identity = Identity::exact;
  slot.device = file.st_dev;
  slot.inode = file.st_ino;
}

// Claims `fd` with the lock held.
bool take(Environment *environment, int fd, Identity identity) {
  Slot *slot = make_slot(fd);
  if (slot == nullptr) return false;
  clear(*slot, fd); // an owner that had the number before was closed behind its back
  wake_loops(fd);
  last_ticket = last_ticket == INT32_MAX ? 1 : last_ticket + 1;
  *slot = {environment, last_ticket, identity, 0, 0, nullptr};
  environment->owned++;
  if (identity == Identity::exact) identify(*slot, fd);
  show(environment, fd, last_ticket);
  return true;
}

// Whether the file behind the number is still the owner's, as far as that is known.
bool is_same(const Slot &slot, int fd) {
  struct stat file;
  if (slot.identity == Identity::unknown) return true;
  if (::fstat(fd, &file) != 0) return false;
  switch (slot.identity) {
  case Identity::socket:
    return S_ISSOCK(file.st_mode);
  case Identity::poller:
#ifdef __linux__
    return (file.st_mode & S_IFMT) == 0;
#else
    return true;
#endif
  default:
    return file.st_dev == slot.device && file.st_ino == slot.inode;
  }
}

// Ends the ownership of `fd` if `ticket` is still its owner's. With `file`, the file must be the owner's, too.
bool end(napi_env env, int fd, int32_t ticket, bool file) {
  bool same;
  {
    Lock lock(mutex);
    Slot *slot = slot_of(fd);
    if (slot == nullptr || slot->owner == nullptr || slot->ticket != ticket) return false;
    same = !file || is_same(*slot, fd);
    clear(*slot, fd);
  }
  tell_collector(env, environment_of(env));
  return same;
}

// The memory of a typed array; null for null.
template <typename Array> decltype(std::declval<Array>().Data()) memory_of(Napi::Value value) {
  return value.IsTypedArray() ? value.As<Array>().Data() : nullptr;
}

template <typename F> void each_descriptor(msghdr &message, F f) {
  for (cmsghdr *header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    bool rights = header->cmsg_type == SCM_RIGHTS;
#ifdef SCM_PIDFD
    rights = rights || header->cmsg_type == SCM_PIDFD;
#else
    rights = rights || header->cmsg_type == 0x04; // SCM_PIDFD of Linux 6.5
#endif
    if (header->cmsg_level != SOL_SOCKET || !rights || header->cmsg_len < CMSG_LEN(0)) continue;
    // macOS: a truncated message keeps the length that it would have had.
    char *data = reinterpret_cast<char *>(CMSG_DATA(header));
    char *limit = static_cast<char *>(message.msg_control) + message.msg_controllen;
    size_t length = header->cmsg_len - CMSG_LEN(0);
    if (data > limit) continue;
    if (length > static_cast<size_t>(limit - data)) length = static_cast<size_t>(limit - data);
    for (size_t i = 0; i + sizeof(int) <= length; i += sizeof(int)) {
      int fd;
      memcpy(&fd, data + i, sizeof fd);
      if (fd >= 0) f(fd);
    }
  }
}
} // namespace

namespace ownership {

int64_t handed_out(int64_t result) {
  if (result < 0 || result > INT32_MAX) return result;
  closes(static_cast<int>(result));
  closed(static_cast<int>(result));
  return result;
}

void closes(int fd) {
  Lock lock(mutex);
  Slot *slot = slot_of(fd);
  if (slot != nullptr && slot->owner != nullptr) clear(*slot, fd);
}

void closed(int fd) {
  Lock lock(mutex);
  if (fd >= 0) wake_loops(fd);
}

int64_t claim(napi_env env, int64_t fd, Identity identity) {
  if (fd < 0) return fd;
  Environment *environment = environment_of(env);
  bool taken;
  {
    Lock lock(mutex);
    taken = environment != nullptr && take(environment, static_cast<int>(fd), identity);
  }
  if (!taken) {
    ::close(static_cast<int>(fd));
    return -ENOMEM;
  }
  tell_collector(env, environment);
  return fd;
}

void received(napi_env env, msghdr &message, int flags) {
  if (message.msg_control == nullptr || message.msg_controllen < CMSG_LEN(sizeof(int))) return;
#ifdef MSG_CMSG_CLOEXEC
  bool closed_on_exec = (flags & MSG_CMSG_CLOEXEC) != 0;
#else
  bool closed_on_exec = (void(flags), false);
#endif
  each_descriptor(message, [env, closed_on_exec](int fd) {
    if (env == nullptr) {
      handed_out(fd);
      return;
    }
    if (!closed_on_exec) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    claim(env, fd, Identity::unknown);
  });
}

} // namespace ownership

// Names a mirror of the environment's tickets. `before`: the smaller one whose place it takes, or null. `worker`: the
// process goes on after this environment.
CALL(own_table) {
  Napi::Value value(a.env, a.next());
  bool worker = a.i32("worker") != 0;
  const int32_t *before = memory_of<Napi::Int32Array>(Napi::Value(a.env, a.next()));
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_int32_array) return -EINVAL;
  Napi::Int32Array array = value.As<Napi::Int32Array>();
  Environment *environment = environment_of(a.env);
  if (environment == nullptr) {
    environment = new Environment;
    a.env.SetInstanceData(environment); // deleted with the environment, after its hooks
    if (worker && napi_add_env_cleanup_hook(a.env, environment_ends, environment) != napi_ok) return -ENOMEM;
  }
  Lock lock(mutex);
  Mirror *mirror = environment->mirrors;
  while (mirror != nullptr && (before == nullptr || mirror->tickets != before)) mirror = mirror->next;
  if (mirror == nullptr) mirror = environment->mirrors = new Mirror{{}, nullptr, 0, environment->mirrors};
  mirror->reference = Napi::Persistent(array);
  mirror->tickets = array.Data();
  mirror->length = array.ElementLength();
  for (size_t fd = 0; fd < slot_count && fd < mirror->length; fd++)
    mirror->tickets[fd] = slots[fd].owner == environment ? slots[fd].ticket : 0;
  return 0;
}

// socket(2), for an owner.
CALL(own_socket) {
  int domain = a.i32("domain"), type = a.i32("type"), protocol = a.i32("protocol");
  return ownership::claim(a.env, ret(::socket(domain, type, protocol)), Identity::socket);
}

// socketpair(2), for two owners.
CALL(own_socketpair) {
  int domain = a.i32("domain"), type = a.i32("type"), protocol = a.i32("protocol");
  Bytes sv = a.out("sv");
  int pair[2];
  auto *result = static_cast<int *>(sv.exactly(sizeof pair));
  int64_t error = ret(::socketpair(domain, type, protocol, pair));
  if (error < 0) return error;
  memcpy(result, pair, sizeof pair);
  int64_t first = ownership::claim(a.env, pair[0], Identity::socket),
          second = ownership::claim(a.env, pair[1], Identity::socket);
  return first < 0 ? first : second < 0 ? second : 0;
}

// accept(2) and accept4(2), for an owner. Without accept4 `flags` are left out.
CALL(own_accept) {
  int sockfd = a.i32("sockfd");
  Bytes addr = a.out("addr");
  Length addrlen(a, "addrlen");
  int flags = a.i32("flags");
  socklen_t *length = addrlen.of(addr);
  auto *to = static_cast<sockaddr *>(addr.upto(0));
#if defined(SOCK_CLOEXEC)
  int64_t result = ret(flags != 0 ? ::accept4(sockfd, to, length, flags) : ::accept(sockfd, to, length));
#else
  (void)flags;
  int64_t result = ret(::accept(sockfd, to, length));
#endif
  if (result >= 0) addrlen.write_back();
  return ownership::claim(a.env, result, Identity::socket);
}

// A descriptor that a message brought becomes an object's own: from now on its file is known.
CALL(own_identify) {
  int fd = a.i32("fd"), ticket = a.i32("ticket");
  Lock lock(mutex);
  Slot *slot = slot_of(fd);
  if (slot == nullptr || slot->owner == nullptr || slot->ticket != ticket) return -EBADF;
  identify(*slot, fd);
  return 0;
}

// An open descriptor, for an owner: -EEXIST if an object owns it.
CALL(own_adopt) {
  int fd = a.i32("fd");
  int64_t flags = ret(::fcntl(fd, F_GETFD));
  if (flags < 0) return flags;
  if ((flags & FD_CLOEXEC) == 0) ::fcntl(fd, F_SETFD, static_cast<int>(flags) | FD_CLOEXEC);
  Environment *environment = environment_of(a.env);
  {
    Lock lock(mutex);
    const Slot *slot = slot_of(fd);
    if (slot != nullptr && slot->owner != nullptr && is_same(*slot, fd)) return -EEXIST;
    if (environment == nullptr || !take(environment, fd, Identity::exact)) return -ENOMEM;
  }
  tell_collector(a.env, environment);
  return fd;
}

// `object` owns `fd`: it is looked for when descriptors run out.
CALL(own_track) {
  int fd = a.i32("fd"), ticket = a.i32("ticket");
  Napi::Value object(a.env, a.next());
  napi_ref reference;
  if (napi_create_reference(a.env, object, 0, &reference) != napi_ok) return -EINVAL;
  Lock lock(mutex);
  Slot *slot = slot_of(fd);
  if (slot == nullptr || slot->owner == nullptr || slot->ticket != ticket || slot->object != nullptr) {
    check(a.env, napi_delete_reference(a.env, reference));
    return -EBADF;
  }
  slot->object = reference;
  return 0;
}

// Collects garbage, and writes the numbers and tickets of descriptors whose object is gone into `lost`, pair by pair.
// How many pairs there were. `heap`: the most that the heap may hold. V8 collects at once when it is told of so much
// memory outside.
CALL(own_lost) {
  Bytes memory = a.out("lost");
  int64_t heap = static_cast<int64_t>(a.size("heap")), total;
  size_t room = memory.length() / (2 * sizeof(int32_t)), count = 0;
  auto *lost = static_cast<int32_t *>(memory.upto(room * 2 * sizeof(int32_t)));
  check(a.env, napi_adjust_external_memory(a.env, heap, &total));
  check(a.env, napi_adjust_external_memory(a.env, -heap, &total));
  const Environment *environment = environment_of(a.env);
  Lock lock(mutex);
  for (size_t fd = 0; fd < slot_count && count < room; fd++) {
    const Slot &slot = slots[fd];
    if (slot.owner != environment || slot.object == nullptr) continue;
    Napi::HandleScope scope(a.env);
    napi_value object = nullptr;
    if (napi_get_reference_value(a.env, slot.object, &object) != napi_ok || object != nullptr) continue;
    lost[2 * count] = static_cast<int32_t>(fd);
    lost[2 * count + 1] = slot.ticket;
    count++;
  }
  return static_cast<int64_t>(count);
}

// Ends an ownership without closing: 1, or 0 where the number is not the owner's any more.
CALL(own_release) {
  int fd = a.i32("fd"), ticket = a.i32("ticket");
  return end(a.env, fd, ticket, false) ? 1 : 0;
}

// close(2) by the owner. -EBADF, and nothing is closed, where the number is not the owner's any more.
CALL(own_close) {
  int fd = a.i32("fd"), ticket = a.i32("ticket");
  if (!end(a.env, fd, ticket, true)) return -EBADF;
  int64_t result = ret(::close(fd));
  ownership::closed(fd);
  return result;
}

// Names the memory in which an event loop marks the numbers that it has registered, and the function that is called on
// its thread when one of them was closed. `before`: the smaller memory whose place it takes, or null.
CALL(own_watch) {
  Napi::Value value(a.env, a.next()), function(a.env, a.next());
  const uint8_t *before = memory_of<Napi::Uint8Array>(Napi::Value(a.env, a.next()));
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) return -EINVAL;
  Napi::Uint8Array array = value.As<Napi::Uint8Array>();
  Environment *environment = environment_of(a.env);
  if (environment == nullptr || !function.IsFunction()) return -EINVAL;
  Watcher *watcher = nullptr;
  {
    Lock lock(mutex);
    watcher = watchers;
    while (watcher != nullptr && (before == nullptr || watcher->marks != before)) watcher = watcher->next;
  }
  // Only this thread removes the watcher.
  if (watcher == nullptr) {
    watcher = new Watcher{environment, {}, nullptr, 0, nullptr, nullptr};
    Napi::String name = Napi::String::New(a.env, "bsd_sockets.closed");
    if (napi_create_threadsafe_function(a.env, function, nullptr, name, 1, 1, watcher, watcher_ends, nullptr, nullptr,
                                        &watcher->wake) != napi_ok) {
      delete watcher;
      return -ENOMEM;
    }
    check(a.env,
          napi_unref_threadsafe_function(a.env, watcher->wake)); // the watch decides whether the process stays alive
    Lock lock(mutex);
    watcher->next = watchers;
    watchers = watcher;
  }
  Lock lock(mutex);
  watcher->reference = Napi::Persistent(array);
  watcher->marks = array.Data();
  watcher->length = array.ElementLength();
  return 0;
}

void init_ownership(Napi::Object exports) {
  EXPORT(own_table);
  EXPORT(own_socket);
  EXPORT(own_socketpair);
  EXPORT(own_accept);
  EXPORT(own_identify);
  EXPORT(own_adopt);
  EXPORT(own_track);
  EXPORT(own_lost);
  EXPORT(own_release);
  EXPORT(own_close);
  EXPORT(own_watch);
}
