// The structs. Sizes, alignments and offsets of structs.def's rows, from the compiler. Nothing of N-API.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 // ucred, in6_pktinfo, tcphdr's second set of names
#endif
#ifndef _DARWIN_C_SOURCE
#define _DARWIN_C_SOURCE 1
#endif

#include "structs.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include <fcntl.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>

#ifdef __linux__
#include <linux/can.h>
#include <linux/errqueue.h>
#include <linux/filter.h>
#include <linux/if_addr.h>
#include <linux/if_alg.h>
#include <linux/if_packet.h>
#include <linux/if_xdp.h>
#include <linux/net_tstamp.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/vm_sockets.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <sys/epoll.h>
#endif

#ifdef __APPLE__
#include <net/if_dl.h>
#include <sys/event.h>
#include <sys/kern_control.h>
#include <sys/ucred.h>
// A cross-compiler's macOS headers may lack these; then the layouts that Apple publishes stand here.
#if __has_include(<net/ethernet.h>)
#include <net/ethernet.h>
#else
struct ether_addr {
  unsigned char octet[6];
};
struct ether_header {
  unsigned char ether_dhost[6];
  unsigned char ether_shost[6];
  unsigned short ether_type;
};
#endif
#if __has_include(<net/if_arp.h>)
#include <net/if_arp.h>
#else
struct arphdr {
  unsigned short ar_hrd, ar_pro;
  unsigned char ar_hln, ar_pln;
  unsigned short ar_op;
};
#endif
#if __has_include(<netinet/ip6.h>)
#include <netinet/ip6.h>
#else
struct ip6_hdr {
  union {
    struct {
      uint32_t flow;
      uint16_t plen;
      uint8_t nxt, hlim;
    } fields;
    uint8_t vfc;
  } ctl;
  in6_addr ip6_src, ip6_dst;
} __attribute__((packed));
#define ip6_vfc ctl.vfc
#define ip6_flow ctl.fields.flow
#define ip6_plen ctl.fields.plen
#define ip6_nxt ctl.fields.nxt
#define ip6_hlim ctl.fields.hlim
#define ip6_hops ctl.fields.hlim
#endif
#if __has_include(<netinet/icmp6.h>)
#include <netinet/icmp6.h>
#else
struct icmp6_hdr {
  uint8_t icmp6_type, icmp6_code;
  uint16_t icmp6_cksum;
  union {
    uint32_t data32[1];
    uint16_t data16[2];
    uint8_t data8[4];
  } data;
};
#define icmp6_data32 data.data32
#define icmp6_data16 data.data16
#define icmp6_data8 data.data8
#define icmp6_pptr data.data32[0]
#define icmp6_mtu data.data32[0]
#define icmp6_id data.data16[0]
#define icmp6_seq data.data16[1]
#define icmp6_maxdelay data.data16[0]
struct icmp6_filter {
  uint32_t icmp6_filt[8];
};
#endif
#if __has_include(<sys/vsock.h>)
#include <sys/vsock.h>
#else
struct sockaddr_vm {
  uint8_t svm_len;
  sa_family_t svm_family;
  uint16_t svm_reserved1;
  uint32_t svm_port, svm_cid;
} __attribute__((packed));
#endif
using loff_t = off_t; // of splice(2), which macOS lacks
#endif

namespace {

// The table's one-word names for C's types of two and three words.
using signed_char = signed char;
using unsigned_char = unsigned char;
using unsigned_short = unsigned short;
using unsigned_int = unsigned int;
using unsigned_long = unsigned long;
using long_long = long long;
using unsigned_long_long = unsigned long long;

// A name of our own for every row's type, so that `kevent` is the struct even where a function hides it.
#define SCALAR(n) using t_##n = n;
#define SCALAR_OF(n, s, f) using t_##n = decltype(s::f);
#define STRUCT(n) using t_##n = struct n;
#define UNION(n) using t_##n = union n;
#define TYPEDEF(n) using t_##n = n;
#define INNER(n, s, f) using t_##n = std::remove_reference_t<decltype((static_cast<s *>(nullptr)->f))>;
#define SIZE(n) using t_##n = struct n;
#define SIZE_TYPEDEF(n) using t_##n = n;
#include "structs.def"

template <class T> constexpr int32_t kind_of() { return std::is_signed_v<T> + 2 * std::is_floating_point_v<T>; }

// Whether a row's type is the field's: as large, and of the same sign. A pointer (kevent's udata) passes for its size.
template <class Field, class Type> constexpr bool fits() {
  using T = std::remove_reference_t<Field>;
  if constexpr (std::is_arithmetic_v<T> && std::is_arithmetic_v<Type>)
    return sizeof(T) == sizeof(Type) && kind_of<T>() == kind_of<Type>();
  else
    return sizeof(T) == sizeof(Type) && !std::is_array_v<T>;
}
#define FIELD(s, f) decltype((static_cast<t_##s *>(nullptr)->f))
#define F(s, f, t) static_assert(fits<FIELD(s, f), t_##t>(), "a field's type in " #s " differs: " #t);
#define A(s, f, t, n)                                                                                                  \
  static_assert(sizeof(FIELD(s, f)) == sizeof(t_##t) * (n), "an array in " #s " differs: " #t ", " #n);
#include "structs.def"

// O_ rows: `offset` is a generic lambda that does not apply to a struct without the field.
template <class S, class Offset> constexpr int32_t offset_if_any(Offset offset) {
  if constexpr (std::is_invocable_v<Offset, S *>)
    return offset(static_cast<S *>(nullptr));
  else
    return -1;
}
#define OFFSET_IF(s, f, condition)                                                                                     \
  offset_if_any<t_##s>([](auto *x) -> std::enable_if_t<(condition), int32_t> {                                         \
    return offsetof(std::remove_pointer_t<decltype(x)>, f);                                                            \
  })

// Takes the place of a bit-field's three numbers until copy_struct_layout() fills them in.
constexpr int32_t FOUND_AT_START = -2;

} // namespace

#define LACKS_1 -1,
#define LACKS_2 -1, -1,
#define LACKS_3 -1, -1, -1,
#define SCALAR(n) sizeof(t_##n), kind_of<t_##n>(),
#define SCALAR_OF(n, s, f) SCALAR(n)
#define STRUCT(n) sizeof(t_##n), alignof(t_##n),
#define UNION STRUCT
#define TYPEDEF STRUCT
#define INNER(n, s, f) STRUCT(n)
#define SIZE STRUCT
#define SIZE_TYPEDEF STRUCT
#define F(s, f, t) offsetof(t_##s, f),
#define A(s, f, t, n) offsetof(t_##s, f),
#define BITS(s, f, t) FOUND_AT_START, FOUND_AT_START, FOUND_AT_START,
#define O_F(s, f, t) OFFSET_IF(s, f, sizeof(x->f) == sizeof(t_##t)),
#define O_A(s, f, t, n) OFFSET_IF(s, f, sizeof(x->f) == sizeof(t_##t) * (n)),
#define O_BITS BITS
// Extern, and all constant, so that scripts/darwin-tables.mjs can read it in an object file that nobody here can run.
extern const int32_t struct_layout_constants[];
const int32_t struct_layout_constants[] = {
#include "structs.def"
};

namespace {

constexpr size_t COUNT = sizeof(struct_layout_constants) / sizeof(struct_layout_constants[0]);

struct Bits {
  int32_t offset, shift, width;
};

// Where the bit-field lies that `fill` sets to all ones. The offset is that of the declared type's own unit, which
// never straddles the end of the struct.
template <class S, class Type, class Fill> Bits bits_of(Fill fill) {
  if constexpr (!std::is_invocable_v<Fill, S *>) {
    return {-1, -1, -1};
  } else {
    static_assert(sizeof(S) % sizeof(Type) == 0);
    S x;
    memset(&x, 0, sizeof x);
    fill(&x);
    for (size_t offset = 0; offset < sizeof x; offset += sizeof(Type)) {
      Type unit;
      memcpy(&unit, reinterpret_cast<const char *>(&x) + offset, sizeof unit);
      if (unit == 0) continue;
      Bits bits{static_cast<int32_t>(offset), 0, 0};
      for (; !(unit & 1); unit >>= 1) bits.shift++;
      for (; unit & 1; unit >>= 1) bits.width++;
      return bits;
    }
    return {-1, -1, -1};
  }
}

// Zero less one: all ones, in whatever width.
#define BITS(s, f, t) bits_of<t_##s, t_##t>([](auto *x) -> decltype(void(--x->f)) { --x->f; }),
#define O_BITS BITS
} // namespace

void copy_struct_layout(int32_t *layout) {
  const Bits found[] = {
#include "structs.def"
  };
  std::copy_n(struct_layout_constants, COUNT, layout);
  const Bits *next = found;
  for (size_t i = 0; i < COUNT; i++) {
    if (layout[i] != FOUND_AT_START) continue;
    layout[i] = next->offset;
    layout[++i] = next->shift;
    layout[++i] = next->width;
    next++;
  }
}

size_t struct_layout_count() { return COUNT; }
