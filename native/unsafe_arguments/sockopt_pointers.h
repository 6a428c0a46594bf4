// The socket options whose argument is not plain bytes: a pointer inside, or a length in other units.
#pragma once
#include "bytes.h"

// How an option's memory is handled.
//   plain       bytes, and the kernel keeps to optlen
//   sock_fprog  the class of that name, whose pointer is made here
//   pointer     an address that the kernel would follow: a forged one would let it read or write anywhere. EINVAL
//   counted     getsockopt goes by a count within the bytes, and not by optlen: the kernel gets a guarded copy
//   (guarded_copy.h)
enum class SockoptMemory { plain, sock_fprog, pointer, counted };
// Some numbers mean one thing to setsockopt and another to getsockopt.
enum class SockoptCall { set, get, both };

struct SockoptRow {
  int level, optname;
  SockoptCall call;
  SockoptMemory memory;
};

// Numbers, since their headers exclude each other and libc's; they are the kernel's ABI.
inline constexpr SockoptRow sockopt_rows[] = {
#if defined(__linux__)
    {SOL_SOCKET, 26, SockoptCall::set, SockoptMemory::sock_fprog}, // SO_ATTACH_FILTER (SO_GET_FILTER is plain)
    {SOL_SOCKET, 51, SockoptCall::set, SockoptMemory::sock_fprog}, // SO_ATTACH_REUSEPORT_CBPF
    {263, 22, SockoptCall::set, SockoptMemory::sock_fprog},        // SOL_PACKET PACKET_FANOUT_DATA, PACKET_FANOUT_CBPF
    {IPPROTO_TCP, 35, SockoptCall::both, SockoptMemory::pointer},  // TCP_ZEROCOPY_RECEIVE: where to map and copy to
    {IPPROTO_IP, 64, SockoptCall::set, SockoptMemory::pointer},    // IPT_SO_SET_REPLACE: counters
    {IPPROTO_IP, 96, SockoptCall::set, SockoptMemory::pointer},    // ARPT_SO_SET_REPLACE
    {IPPROTO_IPV6, 64, SockoptCall::set, SockoptMemory::pointer},  // IP6T_SO_SET_REPLACE
    {IPPROTO_IP, 128, SockoptCall::both, SockoptMemory::pointer},  // EBT_SO_SET_ENTRIES, EBT_SO_GET_INFO
    {IPPROTO_IP, 129, SockoptCall::both, SockoptMemory::pointer},  // EBT_SO_SET_COUNTERS, EBT_SO_GET_ENTRIES
    {IPPROTO_IP, 130, SockoptCall::both, SockoptMemory::pointer},  // EBT_SO_GET_INIT_INFO
    {IPPROTO_IP, 131, SockoptCall::both, SockoptMemory::pointer},  // EBT_SO_GET_INIT_ENTRIES
    {132, 111, SockoptCall::both, SockoptMemory::pointer},         // SCTP_SOCKOPT_CONNECTX3: addrs
    {276, 2, SockoptCall::both, SockoptMemory::pointer},           // SOL_RDS RDS_GET_MR: memory, cookie_addr
    {276, 7, SockoptCall::both, SockoptMemory::pointer},           // SOL_RDS RDS_GET_MR_FOR_DEST
    {283, 4, SockoptCall::both, SockoptMemory::pointer},           // SOL_XDP XDP_UMEM_REG: where packets are written
    {284, 4, SockoptCall::both, SockoptMemory::pointer},           // SOL_MPTCP MPTCP_FULL_INFO: two arrays to fill
    {IPPROTO_IP, 41, SockoptCall::get, SockoptMemory::counted},    // IP_MSFILTER: imsf_numsrc sources
    {IPPROTO_IP, 48, SockoptCall::get, SockoptMemory::counted},    // MCAST_MSFILTER: gf_numsrc sources
    {IPPROTO_IPV6, 48, SockoptCall::get, SockoptMemory::counted},  // MCAST_MSFILTER
    {IPPROTO_TCP, 41, SockoptCall::get, SockoptMemory::counted},   // TCP_AO_GET_KEYS: nkeys elements of optlen bytes
#else
    {IPPROTO_IP, 74, SockoptCall::both, SockoptMemory::pointer},   // IP_MSFILTER: msfr_srcs
    {IPPROTO_IPV6, 74, SockoptCall::both, SockoptMemory::pointer}, // IPV6_MSFILTER
#endif
};

inline SockoptMemory sockopt_memory(SockoptCall call, int level, int optname) {
  for (const SockoptRow &row : sockopt_rows) {
    if (row.level == level && row.optname == optname && (row.call == call || row.call == SockoptCall::both))
      return row.memory;
  }
  return SockoptMemory::plain;
}

// How many bytes getsockopt may write for a length of `optlen`.
inline size_t sockopt_bytes(int level, int optname, socklen_t optlen) {
#if defined(__linux__)
  if (level == SOL_SOCKET && optname == SO_GET_FILTER) return signed_length(optlen) * 8; // it counts instructions
#endif
  (void)level, (void)optname;
  return signed_length(optlen);
}

// Whether control data that is sent holds an address that the kernel would follow: RDS's requests for remote memory.
inline bool control_holds_pointer([[maybe_unused]] const char *control, [[maybe_unused]] size_t length) {
#if defined(__linux__)
  cmsghdr header;
  while (length >= sizeof header) {
    memcpy(&header, control, sizeof header);
    if (header.cmsg_len < sizeof header || header.cmsg_len > length) return false; // the kernel refuses it all
    int type = header.cmsg_type;
    // RDS_CMSG_RDMA_ARGS, RDS_CMSG_RDMA_MAP, RDS_CMSG_ATOMIC_FADD to RDS_CMSG_MASKED_ATOMIC_CSWP
    if (header.cmsg_level == 276 && (type == 1 || type == 3 || (type >= 6 && type <= 9))) return true;
    size_t step = CMSG_ALIGN(header.cmsg_len);
    if (step >= length) return false;
    control += step;
    length -= step;
  }
#endif
  return false;
}
