// Room: the socket options whose argument is not plain bytes: a pointer inside, or a length in other units.
#pragma once
#include "os.h"
// Options that hold an address which the kernel would follow: a forged one would let it read or write anywhere.
// Numbers, since their headers exclude each other and libc's; they are the kernel's ABI.
enum class SockoptMemory { plain, sock_fprog, pointer };

struct SockoptRow {
  int level, optname;
  SockoptMemory memory;
};

inline constexpr SockoptRow sockopt_rows[] = {
#if defined(__linux__)
    {SOL_SOCKET, 26, SockoptMemory::sock_fprog}, // SO_ATTACH_FILTER
    {SOL_SOCKET, 51, SockoptMemory::sock_fprog}, // SO_ATTACH_REUSEPORT_CBPF
    {263, 22, SockoptMemory::sock_fprog},        // SOL_PACKET PACKET_FANOUT_DATA, with PACKET_FANOUT_CBPF
    {IPPROTO_TCP, 35, SockoptMemory::pointer},   // TCP_ZEROCOPY_RECEIVE: addresses to map and to copy to
    {IPPROTO_IP, 64, SockoptMemory::pointer},    // IPT_SO_SET_REPLACE: counters
    {IPPROTO_IP, 96, SockoptMemory::pointer},    // ARPT_SO_SET_REPLACE
    {IPPROTO_IPV6, 64, SockoptMemory::pointer},  // IP6T_SO_SET_REPLACE
    {IPPROTO_IP, 128, SockoptMemory::pointer},   // EBT_SO_SET_ENTRIES, EBT_SO_GET_INFO
    {IPPROTO_IP, 129, SockoptMemory::pointer},   // EBT_SO_SET_COUNTERS, EBT_SO_GET_ENTRIES
    {IPPROTO_IP, 130, SockoptMemory::pointer},   // EBT_SO_GET_INIT_INFO
    {IPPROTO_IP, 131, SockoptMemory::pointer},   // EBT_SO_GET_INIT_ENTRIES
    {132, 111, SockoptMemory::pointer},          // SCTP_SOCKOPT_CONNECTX3: addrs
    {276, 2, SockoptMemory::pointer},            // SOL_RDS RDS_GET_MR: the memory to register, cookie_addr
    {276, 7, SockoptMemory::pointer},            // SOL_RDS RDS_GET_MR_FOR_DEST
    {283, 4, SockoptMemory::pointer},            // SOL_XDP XDP_UMEM_REG: the memory that packets are written to
#endif
    {-1, -1, SockoptMemory::plain}};

inline SockoptMemory sockopt_memory(int level, int optname) {
  for (const SockoptRow &row : sockopt_rows) {
    if (row.level == level && row.optname == optname) return row.memory;
  }
  return SockoptMemory::plain;
}

// How many bytes getsockopt may write for a length of `optlen`.
inline size_t sockopt_bytes(int level, int optname, socklen_t optlen) {
#if defined(__linux__)
  if (level == SOL_SOCKET && optname == SO_GET_FILTER) return static_cast<size_t>(optlen) * 8; // it counts instructions
#endif
  (void)level, (void)optname;
  return signed_length(optlen);
}
