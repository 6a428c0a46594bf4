// Program: netlink-addresses, lists this machine's addresses, as the kernel tells them over netlink. Linux.
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what) {
  perror(what);
  exit(1);
}

static const char *scope_name(int scope) {
  switch (scope) {
  case RT_SCOPE_UNIVERSE:
    return "global";
  case RT_SCOPE_SITE:
    return "site";
  case RT_SCOPE_LINK:
    return "link";
  case RT_SCOPE_HOST:
    return "host";
  default:
    return "nowhere";
  }
}

static void request(int sock, int seq) {
  struct {
    struct nlmsghdr nh;
    struct ifaddrmsg ifa;
  } req;
  memset(&req, 0, sizeof(req));
  req.nh.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifaddrmsg));
  req.nh.nlmsg_type = RTM_GETADDR;
  req.nh.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  req.nh.nlmsg_seq = seq;
  req.ifa.ifa_family = AF_UNSPEC;
  struct sockaddr_nl kernel;
  memset(&kernel, 0, sizeof(kernel));
  kernel.nl_family = AF_NETLINK;
  struct iovec iov = {.iov_base = &req, .iov_len = req.nh.nlmsg_len};
  struct msghdr msg = {.msg_name = &kernel, .msg_namelen = sizeof(kernel), .msg_iov = &iov, .msg_iovlen = 1};
  if (sendmsg(sock, &msg, 0) < 0) die("sendmsg");
}

static void show(struct nlmsghdr *nh) {
  struct ifaddrmsg *ifa = NLMSG_DATA(nh);
  struct rtattr *rta = (struct rtattr *)((char *)ifa + NLMSG_ALIGN(sizeof(struct ifaddrmsg)));
  int rtalen = NLMSG_PAYLOAD(nh, sizeof(struct ifaddrmsg));
  void *address = NULL;
  void *local = NULL;
  for (; RTA_OK(rta, rtalen); rta = RTA_NEXT(rta, rtalen)) {
    if (rta->rta_type == IFA_ADDRESS) address = RTA_DATA(rta);
    if (rta->rta_type == IFA_LOCAL) local = RTA_DATA(rta);
  }
  if (local == NULL) local = address; // IPv6 has the first one alone
  char name[IF_NAMESIZE], text[INET6_ADDRSTRLEN];
  if (if_indextoname(ifa->ifa_index, name) == NULL) die("if_indextoname");
  if (local == NULL || inet_ntop(ifa->ifa_family, local, text, sizeof(text)) == NULL) die("inet_ntop");
  printf("%u: %s %s %s/%d scope %s\n", ifa->ifa_index, name, ifa->ifa_family == AF_INET6 ? "inet6" : "inet", text,
         ifa->ifa_prefixlen, scope_name(ifa->ifa_scope));
}

// One datagram holds several messages. Gives 1 after the last one.
static int take(int sock, int seq) {
  _Alignas(struct nlmsghdr) char buf[8192];
  struct sockaddr_nl from;
  struct iovec iov = {.iov_base = buf, .iov_len = sizeof(buf)};
  struct msghdr msg = {.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov, .msg_iovlen = 1};
  int len = recvmsg(sock, &msg, 0);
  if (len < 0) die("recvmsg");
  if (msg.msg_flags & MSG_TRUNC) {
    fprintf(stderr, "a message is larger than %d bytes\n", (int)sizeof(buf));
    exit(1);
  }
  if (from.nl_pid != 0) return 0; // not from the kernel

  for (struct nlmsghdr *nh = (struct nlmsghdr *)buf; NLMSG_OK(nh, len); nh = NLMSG_NEXT(nh, len)) {
    if ((int)nh->nlmsg_seq != seq) continue;
    if (nh->nlmsg_type == NLMSG_DONE) return 1;
    if (nh->nlmsg_type == NLMSG_ERROR) {
      struct nlmsgerr *err = NLMSG_DATA(nh);
      fprintf(stderr, "the kernel says: %s\n", strerror(-err->error));
      exit(1);
    }
    if (nh->nlmsg_type == RTM_NEWADDR) show(nh);
  }
  return 0;
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (sock < 0) die("socket");
  struct sockaddr_nl local;
  memset(&local, 0, sizeof(local));
  local.nl_family = AF_NETLINK;
  if (bind(sock, (struct sockaddr *)&local, sizeof(local)) < 0) die("bind");

  int seq = 1;
  request(sock, seq);
  while (!take(sock, seq)) {}
  close(sock);
}
