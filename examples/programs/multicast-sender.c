// Program: multicast-sender, says something to a group.
#include <arpa/inet.h>
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

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc < 5) {
    fprintf(stderr, "usage: multicast-sender group interface-address port message...\n");
    exit(2);
  }
  struct sockaddr_in group;
  struct in_addr interface_addr;
  memset(&group, 0, sizeof(group));
  group.sin_family = AF_INET;
  parse(argv[1], &group.sin_addr);
  parse(argv[2], &interface_addr);
  group.sin_port = htons(atoi(argv[3]));

  int sock = socket(AF_INET, SOCK_DGRAM, 0);
  if (sock < 0) die("socket");
  if (setsockopt(sock, IPPROTO_IP, IP_MULTICAST_IF, &interface_addr, sizeof(interface_addr)) < 0)
    die("IP_MULTICAST_IF");
  unsigned char ttl = 1; // not beyond the next router
  if (setsockopt(sock, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof(ttl)) < 0) die("IP_MULTICAST_TTL");
  unsigned char loop = 1; // the members on this machine too
  if (setsockopt(sock, IPPROTO_IP, IP_MULTICAST_LOOP, &loop, sizeof(loop)) < 0) die("IP_MULTICAST_LOOP");

  for (int i = 4; i < argc; i++) {
    int sent = sendto(sock, argv[i], strlen(argv[i]), 0, (struct sockaddr *)&group, sizeof(group));
    if (sent < 0) die("sendto");
    printf("%d bytes to %s\n", sent, inet_ntoa(group.sin_addr));
  }
  close(sock);
}
