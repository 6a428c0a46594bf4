// Program: multicast-receiver, joins a group and shows who says what to it, and over which interface.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void parse(const char *text, struct in_addr *addr) {
  if (inet_aton(text, addr) == 0) {
    fprintf(stderr, "%s is no IPv4 address\n", text);
    exit(2);
  }
}

static void show(struct msghdr *msg, int received) {
  struct sockaddr_in *from = msg->msg_name;
  struct iovec *iov = msg->msg_iov;
  printf("from %s", inet_ntoa(from->sin_addr));
  for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg); cmsg != NULL; cmsg = CMSG_NXTHDR(msg, cmsg)) {
    if (cmsg->cmsg_level == IPPROTO_IP && cmsg->cmsg_type == IP_PKTINFO) {
      struct in_pktinfo *info = (struct in_pktinfo *)CMSG_DATA(cmsg);
      char name[IF_NAMESIZE];
      if (if_indextoname(info->ipi_ifindex, name) == NULL) die("if_indextoname");
      printf(" to %s on %s", inet_ntoa(info->ipi_addr), name);
    }
    if (cmsg->cmsg_level == IPPROTO_IP && cmsg->cmsg_type == IP_TTL) {
      int ttl;
      memcpy(&ttl, CMSG_DATA(cmsg), sizeof(ttl));
      printf(" with ttl %d", ttl);
    }
  }
  printf(": %.*s%s\n", received, (char *)iov->iov_base, msg->msg_flags & MSG_TRUNC ? " ..." : "");
}

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc < 3 || argc > 5) {
    fprintf(stderr, "usage: multicast-receiver group interface-address [port [count]]\n");
    exit(2);
  }
  struct ip_mreq mreq;
  parse(argv[1], &mreq.imr_multiaddr);
  parse(argv[2], &mreq.imr_interface);
  int port = argc > 3 ? atoi(argv[3]) : 0;
  int count = argc > 4 ? atoi(argv[4]) : 0; // it ends after so many; 0: never
  if (!IN_MULTICAST(ntohl(mreq.imr_multiaddr.s_addr))) {
    fprintf(stderr, "%s is no multicast address\n", argv[1]);
    exit(2);
  }

  int sock = socket(AF_INET, SOCK_DGRAM, 0);
  if (sock < 0) die("socket");
  int on = 1;
  if (setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0) die("SO_REUSEADDR");
  if (setsockopt(sock, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) < 0) die("IP_PKTINFO");
  if (setsockopt(sock, IPPROTO_IP, IP_RECVTTL, &on, sizeof(on)) < 0) die("IP_RECVTTL");

  // Bound to the group: what is sent to this machine alone does not come.
  struct sockaddr_in addr;
  memset(&addr, 0, sizeof(addr));
  addr.sin_family = AF_INET;
  addr.sin_addr = mreq.imr_multiaddr;
  addr.sin_port = htons(port);
  if (bind(sock, (struct sockaddr *)&addr, sizeof(addr)) < 0) die("bind");
  if (setsockopt(sock, IPPROTO_IP, IP_ADD_MEMBERSHIP, &mreq, sizeof(mreq)) < 0) die("IP_ADD_MEMBERSHIP");
  socklen_t addrlen = sizeof(addr);
  if (getsockname(sock, (struct sockaddr *)&addr, &addrlen) < 0) die("getsockname");
  printf("member of %s on port %d\n", inet_ntoa(addr.sin_addr), ntohs(addr.sin_port));

  char buf[32];
  _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct in_pktinfo)) + CMSG_SPACE(sizeof(int))];
  struct sockaddr_in from;
  struct iovec iov = {.iov_base = buf, .iov_len = sizeof(buf)};
  struct msghdr msg;
  for (int seen = 0; count == 0 || seen < count; seen++) {
    memset(&msg, 0, sizeof(msg));
    msg.msg_name = &from;
    msg.msg_namelen = sizeof(from);
    msg.msg_iov = &iov;
    msg.msg_iovlen = 1;
    msg.msg_control = control;
    msg.msg_controllen = sizeof(control);
    int received = recvmsg(sock, &msg, 0);
    if (received < 0) die("recvmsg");
    show(&msg, received);
  }
  if (setsockopt(sock, IPPROTO_IP, IP_DROP_MEMBERSHIP, &mreq, sizeof(mreq)) < 0) die("IP_DROP_MEMBERSHIP");
  close(sock);
}
