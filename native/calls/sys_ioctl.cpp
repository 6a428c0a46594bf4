// <sys/ioctl.h>. A request that this table does not know is refused until the program vouches for it: its
// argument could hold a pointer that the kernel would follow.
#include "addon.h"
#include "call.h"
#include "mutex.h"
#include "unsafe_arguments/guarded_copy.h"
#include <map>
#if defined(__linux__)
#include <linux/if_tun.h>
#include <net/if_arp.h>
#else
#include <sys/kern_control.h>
#endif

namespace {
enum class Argument { none, value, memory, interface_data, interface_list };

struct Request {
  unsigned long request;
  Argument argument;
  size_t bytes;
};

constexpr size_t ifreq_bytes = sizeof(ifreq);

const Request requests[] = {
    {FIONREAD, Argument::memory, sizeof(int)},
    {FIONBIO, Argument::memory, sizeof(int)},
    {FIOASYNC, Argument::memory, sizeof(int)},
    {FIOCLEX, Argument::none, 0},
    {FIONCLEX, Argument::none, 0},
    {FIOSETOWN, Argument::memory, sizeof(int)},
    {FIOGETOWN, Argument::memory, sizeof(int)},
    {SIOCSPGRP, Argument::memory, sizeof(int)},
    {SIOCGPGRP, Argument::memory, sizeof(int)},
    {SIOCATMARK, Argument::memory, sizeof(int)},
    {TIOCOUTQ, Argument::memory, sizeof(int)}, // SIOCOUTQ
    {TIOCGWINSZ, Argument::memory, sizeof(winsize)},
    {TIOCSWINSZ, Argument::memory, sizeof(winsize)},
    {SIOCGIFCONF, Argument::interface_list, sizeof(ifconf)},
    {SIOCGIFADDR, Argument::memory, ifreq_bytes},
    {SIOCSIFADDR, Argument::memory, ifreq_bytes},
    {SIOCGIFDSTADDR, Argument::memory, ifreq_bytes},
    {SIOCSIFDSTADDR, Argument::memory, ifreq_bytes},
    {SIOCGIFBRDADDR, Argument::memory, ifreq_bytes},
    {SIOCSIFBRDADDR, Argument::memory, ifreq_bytes},
    {SIOCGIFNETMASK, Argument::memory, ifreq_bytes},
    {SIOCSIFNETMASK, Argument::memory, ifreq_bytes},
    {SIOCGIFFLAGS, Argument::memory, ifreq_bytes},
    {SIOCSIFFLAGS, Argument::memory, ifreq_bytes},
    {SIOCGIFMETRIC, Argument::memory, ifreq_bytes},
    {SIOCSIFMETRIC, Argument::memory, ifreq_bytes},
    {SIOCGIFMTU, Argument::memory, ifreq_bytes},
    {SIOCSIFMTU, Argument::memory, ifreq_bytes},
    {SIOCADDMULTI, Argument::memory, ifreq_bytes},
    {SIOCDELMULTI, Argument::memory, ifreq_bytes},
#if defined(__linux__)
    {SIOCOUTQNSD, Argument::memory, sizeof(int)},
    {0x8906, Argument::memory, sizeof(timeval)},  // SIOCGSTAMP as x64 and arm64 have it
    {0x8907, Argument::memory, sizeof(timespec)}, // SIOCGSTAMPNS
    {SIOCGIFNAME, Argument::memory, ifreq_bytes},
    {SIOCSIFNAME, Argument::memory, ifreq_bytes},
    {SIOCGIFINDEX, Argument::memory, ifreq_bytes},
    {SIOCGIFHWADDR, Argument::memory, ifreq_bytes},
    {SIOCSIFHWADDR, Argument::memory, ifreq_bytes},
    {SIOCSIFHWBROADCAST, Argument::memory, ifreq_bytes},
    {SIOCGIFTXQLEN, Argument::memory, ifreq_bytes},
    {SIOCSIFTXQLEN, Argument::memory, ifreq_bytes},
    {SIOCGIFPFLAGS, Argument::memory, ifreq_bytes},
    {SIOCSIFPFLAGS, Argument::memory, ifreq_bytes},
    {SIOCGIFMAP, Argument::memory, ifreq_bytes}, // its addresses are a device's, which the kernel does not follow
    {SIOCGMIIPHY, Argument::memory, ifreq_bytes},
    {SIOCGMIIREG, Argument::memory, ifreq_bytes},
    {SIOCSMIIREG, Argument::memory, ifreq_bytes},
    {SIOCETHTOOL, Argument::interface_data, ifreq_bytes},
    {SIOCGHWTSTAMP, Argument::interface_data, ifreq_bytes},
    {SIOCSHWTSTAMP, Argument::interface_data, ifreq_bytes},
    {SIOCGARP, Argument::memory, sizeof(arpreq)},
    {SIOCSARP, Argument::memory, sizeof(arpreq)},
    {SIOCDARP, Argument::memory, sizeof(arpreq)},
    {TUNSETIFF, Argument::memory, ifreq_bytes},
    {TUNGETIFF, Argument::memory, ifreq_bytes},
    {TUNSETQUEUE, Argument::memory, ifreq_bytes},
    {TUNGETFEATURES, Argument::memory, sizeof(unsigned)},
    {TUNGETSNDBUF, Argument::memory, sizeof(int)},
    {TUNSETSNDBUF, Argument::memory, sizeof(int)},
    {TUNGETVNETHDRSZ, Argument::memory, sizeof(int)},
    {TUNSETVNETHDRSZ, Argument::memory, sizeof(int)},
    {TUNSETPERSIST, Argument::value, 0},
    {TUNSETOWNER, Argument::value, 0},
    {TUNSETGROUP, Argument::value, 0},
    {TUNSETLINK, Argument::value, 0},
    {TUNSETNOCSUM, Argument::value, 0},
    {TUNSETOFFLOAD, Argument::value, 0},
#else
    {CTLIOCGINFO, Argument::memory, sizeof(ctl_info)},
#endif
};

// The argument's bytes by request, for the requests that programs vouched for, in the whole process. Never destroyed.
Mutex vouched_mutex;
std::map<unsigned long, size_t> &vouched() {
  static auto *const map = new std::map<unsigned long, size_t>;
  return *map;
}

const Request *known(unsigned long request) {
  for (const Request &row : requests) {
    if (row.request == request) return &row;
  }
  return nullptr;
}

bool find(unsigned long request, Request *result) {
  if (const Request *row = known(request)) {
    *result = *row;
    return true;
  }
  Lock lock(vouched_mutex);
  auto row = vouched().find(request);
  if (row == vouched().end()) return false;
  *result = {request, row->second == 0 ? Argument::value : Argument::memory, row->second};
  return true;
}

// An ifconf. Its fields ifc_len and ifc_buf follow, and memory of lib/'s for the length that the kernel gives.
int64_t interface_list(Arguments &a, int fd, unsigned long request) {
  napi_value value = a.next();
  if (a.left() != 3) a.wrong("argp", "an ifconf", value);
  Arguments::Part part(a, 3);
  int length = a.i32("ifc_len");
  Bytes buffer = a.out("ifc_buf");
  Bytes result_length = a.out("ifc_len");
  int32_t *written = static_cast<int32_t *>(result_length.exactly(sizeof length));
  ifconf list = {};
  list.ifc_len = length;
  list.ifc_buf = static_cast<char *>(buffer.upto(length < 0 ? 0 : static_cast<size_t>(length)));
  int64_t result = ret(::ioctl(fd, request, &list));
  if (result >= 0) *written = list.ifc_len;
  return result;
}

// An ifreq whose ifr_data is a pointer. Its bytes and the memory of ifr_data follow; the bytes that stand in the
// pointer's place are not passed on.
int64_t interface_data(Arguments &a, int fd, unsigned long request) {
  napi_value value = a.next();
  if (a.left() != 2) a.wrong("argp", "an ifreq", value);
  Arguments::Part part(a, 3);
  Bytes bytes = a.out("argp"), data = a.out("ifr_data");
  ifreq interface;
  void *memory = bytes.exactly(sizeof interface);
  memcpy(&interface, memory, sizeof interface);
  GuardedCopy copy(data);
  interface.ifr_data = static_cast<char *>(copy.pointer());
  int64_t result = ret(::ioctl(fd, request, &interface));
  if (result >= 0) copy.write_back();
  return result;
}
} // namespace

// int ioctl(int fd, unsigned long request, ...): argp as the caller gave it. What follows of an object: of an ifconf
// its fields, of an ifreq its bytes and ifr_data, of any other its memory.
CALL(ioctl) {
  int fd = a.i32("fd");
  unsigned long request = a.integer<unsigned long>("request");
  Request row;
  if (!find(request, &row)) return -EINVAL;
  bool null = a.type() == napi_null;
  switch (row.argument) {
  case Argument::none:
    return ret(::ioctl(fd, request, 0));
  case Argument::value:
    return ret(::ioctl(fd, request, a.more() ? a.integer<unsigned long>("argp") : 0));
  case Argument::interface_list:
    return null ? ret(::ioctl(fd, request, nullptr)) : interface_list(a, fd, request);
  case Argument::interface_data:
    return null ? ret(::ioctl(fd, request, nullptr)) : interface_data(a, fd, request);
  case Argument::memory:
    break;
  }
  Bytes argp = a.memory_of("argp"); // an ifreq's ifr_data is not of interest here
  return ret(::ioctl(fd, request, argp.upto(row.bytes)));
}

// Tells what a request's argument is: `size` bytes without a pointer, or a number (0).
CALL(vouch_ioctl) {
  unsigned long request = a.integer<unsigned long>("request");
  size_t size = a.size("size");
  if (known(request) != nullptr) return -EEXIST; // the table knows better
  Lock lock(vouched_mutex);
  vouched()[request] = size;
  return 0;
}

void init_sys_ioctl(Napi::Object exports) {
  EXPORT(ioctl);
  EXPORT(vouch_ioctl);
}
