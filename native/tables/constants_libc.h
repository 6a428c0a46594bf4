// Room: the headers whose constants `constants.def` names: the C library's, which exclude the kernel's own
// (constants_kernel.h). C as well as C++: scripts/scan-constants.mjs and test/constants.test.ts compile it too.
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#ifndef _DARWIN_C_SOURCE
#define _DARWIN_C_SOURCE
#endif
#define __APPLE_USE_RFC_3542 // macOS: IPV6_PKTINFO and its kin have these names and values only so

#include <errno.h>
#include <limits.h>
#include <sys/types.h>
#include <sys/select.h>
#include <time.h>
#include <sys/time.h>
#include <sys/resource.h>
#include <signal.h>
#include <fcntl.h>
#include <unistd.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <net/if.h>
#include <netinet/in_systm.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <net/route.h>
#include <sys/param.h>

#if !defined(__APPLE__) ||                                                                                             \
    __has_include(<net/if_arp.h>) // a cross-compiler's macOS headers may lack them: constants_abi.h
#include <net/if_arp.h>
#include <net/ethernet.h>
#include <netinet/if_ether.h>
#include <netinet/ip_icmp.h>
#include <netinet/ip6.h>
#include <netinet/icmp6.h>
#include <netinet/igmp.h>
#endif

#if defined(__linux__)
#include <sys/epoll.h>
#include <netpacket/packet.h>
#if __has_include(<linux/mptcp.h>) // Linux 5.9; it includes netinet/in.h, and so is the only kernel header here
#include <linux/mptcp.h>
#endif
#elif defined(__APPLE__)
#include <sys/event.h>
#include <sys/sockio.h>
#include <sys/kern_control.h>
#include <sys/ucred.h>
#include <net/net_kev.h>
#if __has_include(<net/bpf.h>) // as above
#include <net/bpf.h>
#include <net/if_types.h>
#include <net/if_utun.h>
#include <netinet/tcp_fsm.h>
#include <sys/kern_event.h>
#include <sys/sys_domain.h>
#endif
#if __has_include(<sys/vsock.h>) // macOS 12
#include <sys/vsock.h>
#endif
#endif
