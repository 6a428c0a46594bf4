// Room: the headers whose constants `constants_kernel.def` names: the kernel's own, for what the C library's headers do
// not have. C as well as C++, like constants_libc.h, with which it cannot share a file: linux/tcp.h and netinet/tcp.h
// exclude each other.
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#if defined(__linux__)
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <time.h>
#include <sys/ioctl.h>
#include <linux/socket.h>
#include <linux/sockios.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/igmp.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/un.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_alg.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/if_pppox.h>
#include <linux/if_tun.h>
#include <linux/if_vlan.h>
#include <linux/if_xdp.h>
#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <linux/can.h>
#include <linux/can/bcm.h>
#include <linux/can/error.h>
#include <linux/can/raw.h>
#include <linux/dccp.h>
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/neighbour.h>
#include <linux/genetlink.h>
#include <linux/sock_diag.h>
#include <linux/inet_diag.h>
#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/unix_diag.h>
#include <linux/kcm.h>
#include <linux/mroute.h>
#include <linux/mroute6.h>
#include <linux/netfilter_ipv4.h>
#include <linux/sctp.h>
#include <linux/tipc.h>
#include <linux/tls.h>
#include <linux/vm_sockets.h>
#if __has_include(<linux/can/isotp.h>) // Linux 5.10
#include <linux/can/isotp.h>
#endif
#if __has_include(<linux/can/j1939.h>) // Linux 5.4
#include <linux/can/j1939.h>
#endif
#else
#include "constants_libc.h" // macOS's headers do not exclude each other
#endif
