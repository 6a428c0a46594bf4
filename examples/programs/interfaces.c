// Program: interfaces, lists the interfaces that have an IPv4 address, with SIOCGIFCONF and its kin.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what) {
  perror(what);
  exit(1);
}

// Nobody says how many there are: with a list that does not fill its buffer it is complete.
static struct ifreq *get_list(int sock, int *count) {
  for (int room = 1;; room *= 2) {
    struct ifreq *list = calloc(room, sizeof(struct ifreq));
    struct ifconf ifc;
    ifc.ifc_len = room * sizeof(struct ifreq);
    ifc.ifc_req = list;
    if (ioctl(sock, SIOCGIFCONF, &ifc) < 0) die("SIOCGIFCONF");
    *count = ifc.ifc_len / sizeof(struct ifreq);
    if (*count < room) return list;
    free(list);
  }
}

static void show_flags(int flags) {
  static const struct {
    int flag;
    const char *name;
  } names[] = {{IFF_UP, "UP"},
               {IFF_BROADCAST, "BROADCAST"},
               {IFF_LOOPBACK, "LOOPBACK"},
               {IFF_POINTOPOINT, "POINTOPOINT"},
               {IFF_RUNNING, "RUNNING"},
               {IFF_MULTICAST, "MULTICAST"}};
  const char *separator = "";
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    if (!(flags & names[i].flag)) continue;
    printf("%s%s", separator, names[i].name);
    separator = ",";
  }
}

static void show(int sock, const struct ifreq *entry) {
  struct ifreq ifr = *entry; // has the name; each request overwrites the rest
  if (ioctl(sock, SIOCGIFFLAGS, &ifr) < 0) die("SIOCGIFFLAGS");
  printf("%s: flags=%d<", entry->ifr_name, (unsigned short)ifr.ifr_flags);
  show_flags(ifr.ifr_flags);
  if (ioctl(sock, SIOCGIFMTU, &ifr) < 0) die("SIOCGIFMTU");
  printf("> mtu %d", ifr.ifr_mtu);
  if (ioctl(sock, SIOCGIFINDEX, &ifr) < 0) die("SIOCGIFINDEX");
  printf(" index %d\n", ifr.ifr_ifindex);

  const struct sockaddr_in *addr = (const struct sockaddr_in *)&entry->ifr_addr;
  printf("        inet %s", inet_ntoa(addr->sin_addr));
  if (ioctl(sock, SIOCGIFNETMASK, &ifr) < 0) die("SIOCGIFNETMASK");
  addr = (struct sockaddr_in *)&ifr.ifr_netmask;
  printf(" netmask %s", inet_ntoa(addr->sin_addr));
  if (ioctl(sock, SIOCGIFBRDADDR, &ifr) < 0) die("SIOCGIFBRDADDR");
  addr = (struct sockaddr_in *)&ifr.ifr_broadaddr;
  printf(" broadcast %s\n", inet_ntoa(addr->sin_addr));

  if (ioctl(sock, SIOCGIFHWADDR, &ifr) < 0) die("SIOCGIFHWADDR");
  const unsigned char *mac = (unsigned char *)ifr.ifr_hwaddr.sa_data;
  printf("        hardware %d %02x:%02x:%02x:%02x:%02x:%02x\n", ifr.ifr_hwaddr.sa_family, mac[0], mac[1], mac[2],
         mac[3], mac[4], mac[5]);
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  int sock = socket(AF_INET, SOCK_DGRAM, 0);
  if (sock < 0) die("socket");
  int count;
  struct ifreq *list = get_list(sock, &count);
  for (int i = 0; i < count; i++) show(sock, &list[i]);
  free(list);

  struct ifreq ifr;
  memset(&ifr, 0, sizeof(ifr));
  strncpy(ifr.ifr_name, "nosuchif0", IFNAMSIZ - 1);
  int result = ioctl(sock, SIOCGIFFLAGS, &ifr);
  printf("%s: %s\n", ifr.ifr_name, result < 0 ? strerror(errno) : "is there");
  close(sock);
}
