// Program: echo-client, tries every address of a host until one answers, and shows what comes back.
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
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

static int get_connection(const char *node, const char *service) {
  struct addrinfo hints, *res, *rp;
  memset(&hints, 0, sizeof(hints));
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  int error = getaddrinfo(node, service, &hints, &res);
  if (error != 0) {
    fprintf(stderr, "getaddrinfo: %s\n", gai_strerror(error));
    exit(1);
  }
  int sock = -1;
  for (rp = res; rp != NULL; rp = rp->ai_next) {
    char host[NI_MAXHOST];
    if (getnameinfo(rp->ai_addr, rp->ai_addrlen, host, sizeof(host), NULL, 0, NI_NUMERICHOST) != 0) continue;
    sock = socket(rp->ai_family, rp->ai_socktype, rp->ai_protocol);
    if (sock < 0) {
      printf("%s: no socket: %s\n", host, strerror(errno));
      continue;
    }
    if (connect(sock, rp->ai_addr, rp->ai_addrlen) == 0) {
      printf("%s: connected\n", host);
      break;
    }
    printf("%s: %s\n", host, strerror(errno));
    close(sock);
  }
  freeaddrinfo(res);
  if (rp == NULL) {
    fprintf(stderr, "no address answers\n");
    exit(1);
  }
  return sock;
}

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc != 4) {
    fprintf(stderr, "usage: echo-client node|- port text\n");
    exit(2);
  }
  const char *node = strcmp(argv[1], "-") == 0 ? NULL : argv[1]; // this machine
  int sock = get_connection(node, argv[2]);
  if (send(sock, argv[3], strlen(argv[3]), MSG_NOSIGNAL) < 0) die("send");
  if (shutdown(sock, SHUT_WR) < 0) die("shutdown");
  char buf[4096];
  int n;
  while ((n = recv(sock, buf, sizeof(buf), 0)) > 0) printf("%.*s", n, buf);
  if (n < 0) die("recv");
  printf("\n");
  close(sock);
}
