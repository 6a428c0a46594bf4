// Program: sniffer, shows the UDP packets to a port on an interface; a BPF filter in the kernel picks them. Linux.
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what) {
  perror(what);
  exit(1);
}

// What `tcpdump -d udp dst port N and ip` says: which frames to keep, decided by their bytes.
static void attach_filter(int sock, int port) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),                 // the frame's protocol
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, 0, 8),    // IPv4, or no
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 23),                 // the packet's protocol
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 6), // UDP, or no
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 20),                 // its place among fragments
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 4, 0),     // the first one, or no
      BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 14),                // the IP header's length
      BPF_STMT(BPF_LD | BPF_H | BPF_IND, 16),                 // the port behind it
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 1),        // ours, or no
      BPF_STMT(BPF_RET | BPF_K, 0x40000),                     // yes: the whole packet
      BPF_STMT(BPF_RET | BPF_K, 0),                           // no: nothing of it
  };
  struct sock_fprog fprog = {.len = sizeof(code) / sizeof(code[0]), .filter = code};
  if (setsockopt(sock, SOL_SOCKET, SO_ATTACH_FILTER, &fprog, sizeof(fprog)) < 0) die("SO_ATTACH_FILTER");
}

static void show(const char *frame, int length) {
  const struct iphdr *ip = (const struct iphdr *)(frame + sizeof(struct ethhdr));
  int header = sizeof(struct ethhdr) + (ip->ihl << 2);
  const struct udphdr *udp = (const struct udphdr *)(frame + header);
  const char *data = frame + header + sizeof(struct udphdr);
  char from[INET_ADDRSTRLEN], to[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &ip->saddr, from, sizeof(from));
  inet_ntop(AF_INET, &ip->daddr, to, sizeof(to));
  int data_length = ntohs(udp->len) - sizeof(struct udphdr);
  printf("%s:%d > %s:%d ttl %d, %d of %d bytes: %.*s\n", from, ntohs(udp->source), to, ntohs(udp->dest), ip->ttl,
         data_length, length, data_length, data);
}

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc < 3 || argc > 4) {
    fprintf(stderr, "usage: sniffer interface port [count]\n");
    exit(2);
  }
  int port = atoi(argv[2]);
  int count = argc > 3 ? atoi(argv[3]) : 0; // it ends when it has seen so many; 0: never

  // With protocol 0 nothing comes until the filter is in place.
  int sock = socket(AF_PACKET, SOCK_RAW, 0);
  if (sock < 0) die("socket");
  attach_filter(sock, port);
  struct sockaddr_ll addr;
  memset(&addr, 0, sizeof(addr));
  addr.sll_family = AF_PACKET;
  addr.sll_protocol = htons(ETH_P_ALL);
  addr.sll_ifindex = if_nametoindex(argv[1]);
  if (addr.sll_ifindex == 0) die(argv[1]);
  if (bind(sock, (struct sockaddr *)&addr, sizeof(addr)) < 0) die("bind");
  printf("listening on %s for UDP to port %d\n", argv[1], port);

  char frame[65536];
  int seen = 0;
  while (count == 0 || seen < count) {
    struct sockaddr_ll from;
    socklen_t fromlen = sizeof(from);
    int length = recvfrom(sock, frame, sizeof(frame), MSG_TRUNC, (struct sockaddr *)&from, &fromlen);
    if (length < 0) die("recvfrom");
    if (from.sll_pkttype == PACKET_OUTGOING) continue; // the loopback interface shows each packet twice
    show(frame, length);
    seen++;
  }

  struct tpacket_stats stats;
  socklen_t statslen = sizeof(stats);
  if (getsockopt(sock, SOL_PACKET, PACKET_STATISTICS, &stats, &statslen) < 0) die("PACKET_STATISTICS");
  printf("%u frames passed the filter, %u were dropped\n", stats.tp_packets, stats.tp_drops);
  close(sock);
}
