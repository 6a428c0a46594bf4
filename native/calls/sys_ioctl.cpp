// Room: <sys/ioctl.h>. A request that this table does not know is refused until the program vouches for it: its
// argument could hold a pointer that the kernel would follow.
#include "addon.h"
#include "call.h"
#include "unsafe_arguments/fence.h"
#include <map>
#include <mutex>
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

// What programs vouched for, in the whole process.
std::mutex vouched_mutex;
std::map<unsigned long, size_t> vouched;

bool find(unsigned long request, Request *result) {
  for (const Request &row : requests) {
    if (row.request == request) {
      *result = row;
      return true;
    }
  }
  std::lock_guard<std::mutex> lock(vouched_mutex);
  auto row = vouched.find(request);
  if (row == vouched.end()) return false;
  *result = {request, row->second == 0 ? Argument::value : Argument::memory, row->second};
  return true;
}

// ifconf { ifc_len, ifc_buf }, flattened by lib/; the length goes back into `length`.
int64_t interface_list(Args &a, int fd, unsigned long request) {
  Args fields = a.fields("argp", "an ifconf");
  int length = fields.i32("ifc_len");
  Bytes buffer = fields.out("ifc_buf");
  Bytes result_length = a.out("ifc_len");
  int32_t *written = static_cast<int32_t *>(result_length.exactly(sizeof length));
  ifconf list = {};
  list.ifc_len = length;
  list.ifc_buf = static_cast<char *>(buffer.upto(length < 0 ? 0 : static_cast<size_t>(length)));
  int64_t result = ret(::ioctl(fd, request, &list));
  if (result >= 0) *written = list.ifc_len;
  return result;
}

// ifreq and the memory that its ifr_data refers to. Whatever bytes stand in the pointer's place are not passed on.
int64_t interface_data(Args &a, int fd, unsigned long request) {
  Args fields = a.fields("argp", "an ifreq");
  Bytes bytes = fields.out("ifreq"), data = fields.out("ifr_data");
  ifreq interface;
  void *memory = bytes.exactly(sizeof interface);
  memcpy(&interface, memory, sizeof interface);
  Fence fence(data);
  interface.ifr_data = static_cast<char *>(fence.pointer());
  int64_t result = ret(::ioctl(fd, request, &interface));
  if (result >= 0) fence.write_back();
  return result;
}
} // namespace

// int ioctl(int fd, unsigned long request, ...);
CALL(ioctl) {
  int fd = a.i32("fd");
  unsigned long request = a.integer<unsigned long>("request");
  Request row;
  if (!find(request, &row)) return -EINVAL;
  switch (row.argument) {
  case Argument::none:
    return ret(::ioctl(fd, request, 0));
  case Argument::value:
    return ret(::ioctl(fd, request, a.more() ? a.integer<unsigned long>("argp") : 0));
  case Argument::interface_list:
    if (a.null()) return ret(::ioctl(fd, request, nullptr));
    return interface_list(a, fd, request);
  case Argument::interface_data:
    if (a.null()) return ret(::ioctl(fd, request, nullptr));
    return interface_data(a, fd, request);
  default:
    break;
  }
  // An ifreq comes with its ifr_data, which this request has no use for.
  Bytes argp = a.list() ? a.fields("argp", "a pointer").out("argp") : a.out("argp");
  return ret(::ioctl(fd, request, argp.upto(row.bytes)));
}

// Tells what a request's argument is: `size` bytes without a pointer, or a number (0).
CALL(vouch_ioctl) {
  unsigned long request = a.integer<unsigned long>("request");
  size_t size = a.size("size");
  for (const Request &known : requests) {
    if (known.request == request) return -EEXIST; // the table knows better
  }
  std::lock_guard<std::mutex> lock(vouched_mutex);
  vouched[request] = size;
  return 0;
}

void init_sys_ioctl(Napi::Object exports) {
  EXPORT(ioctl);
  EXPORT(vouch_ioctl);
}
