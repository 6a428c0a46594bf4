// Program: ping, an ICMP echo client on a raw socket.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define DATA_LEN 56

struct packet {
  struct icmphdr hdr;
  uint8_t data[DATA_LEN];
};

static void die(const char *what) {
  perror(what);
  exit(1);
}

// In milliseconds.
static double now(void) {
  struct timespec ts;
  clock_gettime(CLOCK_MONOTONIC, &ts);
  return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

// The Internet checksum of an even number of bytes.
static uint16_t checksum(const void *memory, int length) {
  const uint16_t *words = memory;
  uint32_t sum = 0;
  for (int i = 0; i < length / 2; i++) sum += words[i];
  while (sum >> 16) sum = (sum >> 16) + (sum & 0xffff);
  return ~sum;
}

// Is it the reply to our request number seq? If so, says so.
static int is_reply(const char *buf, int received, int id, int seq, double sent) {
  const struct iphdr *ip = (const struct iphdr *)buf;
  int header = ip->ihl << 2;
  if (received < header + (int)sizeof(struct icmphdr)) return 0;
  const struct icmphdr *icmp = (const struct icmphdr *)(buf + header);
  if (icmp->type != ICMP_ECHOREPLY || ntohs(icmp->un.echo.id) != id || ntohs(icmp->un.echo.sequence) != seq) return 0;
  if (checksum(icmp, received - header) != 0) return 0;
  struct in_addr from;
  from.s_addr = ip->saddr;
  printf("%d bytes from %s: icmp_seq=%d ttl=%d time=%.3f ms\n", received - header, inet_ntoa(from), seq, ip->ttl,
         now() - sent);
  return 1;
}

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc < 2 || argc > 4) {
    fprintf(stderr, "usage: ping host [count [milliseconds]]\n");
    exit(2);
  }
  int count = argc > 2 ? atoi(argv[2]) : 4;
  int interval = argc > 3 ? atoi(argv[3]) : 1000;

  struct addrinfo hints, *res;
  memset(&hints, 0, sizeof(hints));
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_RAW;
  hints.ai_protocol = IPPROTO_ICMP;
  int error = getaddrinfo(argv[1], NULL, &hints, &res);
  if (error != 0) {
    fprintf(stderr, "%s: %s\n", argv[1], gai_strerror(error));
    exit(1);
  }
  struct addrinfo *ai = res;
  struct sockaddr_in *dest = (struct sockaddr_in *)ai->ai_addr;

  int sock = socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol);
  if (sock < 0) die("socket");
  int ttl = 64;
  if (setsockopt(sock, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl)) < 0) die("setsockopt");
  printf("PING %s (%s): %d data bytes\n", argv[1], inet_ntoa(dest->sin_addr), DATA_LEN);

  int id = getpid() & 0xffff;
  int received_count = 0;
  struct packet packet;
  char buf[1500];
  for (int seq = 0; seq < count; seq++) {
    memset(&packet, 0, sizeof(packet));
    packet.hdr.type = ICMP_ECHO;
    packet.hdr.un.echo.id = htons(id);
    packet.hdr.un.echo.sequence = htons(seq);
    for (int i = 0; i < DATA_LEN; i++) packet.data[i] = i;
    packet.hdr.checksum = checksum(&packet, sizeof(packet));
    double sent = now();
    if (sendto(sock, &packet, sizeof(packet), 0, ai->ai_addr, ai->ai_addrlen) < 0) die("sendto");

    // A raw socket hears all ICMP that comes to this machine: the reply is among it.
    int replied = 0;
    double left;
    while (!replied && (left = sent + interval - now()) > 0) {
      struct pollfd pfd = {.fd = sock, .events = POLLIN};
      int ready = poll(&pfd, 1, (int)left + 1);
      if (ready < 0) die("poll");
      if (ready == 0) break;
      int received = recvfrom(sock, buf, sizeof(buf), 0, NULL, NULL);
      if (received < 0) die("recvfrom");
      replied = is_reply(buf, received, id, seq, sent);
    }
    if (replied) received_count++;
    left = sent + interval - now();
    if (seq < count - 1 && left > 0) poll(NULL, 0, (int)left);
  }
  freeaddrinfo(res);
  close(sock);

  printf("--- %s ping statistics ---\n", argv[1]);
  printf("%d packets transmitted, %d received, %d%% packet loss\n", count, received_count,
         (count - received_count) * 100 / count);
  return received_count > 0 ? 0 : 1;
}
