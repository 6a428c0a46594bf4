// Program: echo-server, gives back what it gets, one client at a time; whichever address family getaddrinfo() finds.
#define _GNU_SOURCE
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

// An address in text, such as "127.0.0.1, port 7".
static void name(const struct sockaddr *addr, socklen_t addrlen, const char *what) {
  char host[NI_MAXHOST], serv[NI_MAXSERV];
  int error = getnameinfo(addr, addrlen, host, sizeof(host), serv, sizeof(serv), NI_NUMERICHOST | NI_NUMERICSERV);
  if (error != 0) {
    fprintf(stderr, "getnameinfo: %s\n", gai_strerror(error));
    exit(1);
  }
  printf("%s %s, port %s\n", what, host, serv);
}

static int get_listener(const char *node, const char *service) {
  struct addrinfo hints, *res, *rp;
  memset(&hints, 0, sizeof(hints));
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  int error = getaddrinfo(node, service, &hints, &res);
  if (error != 0) {
    fprintf(stderr, "getaddrinfo: %s\n", gai_strerror(error));
    exit(1);
  }
  int sock = -1;
  for (rp = res; rp != NULL; rp = rp->ai_next) {
    sock = socket(rp->ai_family, rp->ai_socktype, rp->ai_protocol);
    if (sock < 0) continue;
    int on = 1;
    if (setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0) die("SO_REUSEADDR");
    if (bind(sock, rp->ai_addr, rp->ai_addrlen) == 0) break;
    perror("bind");
    close(sock);
  }
  freeaddrinfo(res);
  if (rp == NULL) {
    fprintf(stderr, "there is no address to bind to\n");
    exit(1);
  }
  if (listen(sock, SOMAXCONN) < 0) die("listen");
  return sock;
}

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc < 3 || argc > 4) {
    fprintf(stderr, "usage: echo-server node|- service [count]\n");
    exit(2);
  }
  const char *node = strcmp(argv[1], "-") == 0 ? NULL : argv[1]; // every address of this machine
  int count = argc > 3 ? atoi(argv[3]) : 0;                      // it ends after so many clients; 0: never

  int listener = get_listener(node, argv[2]);
  struct sockaddr_storage addr;
  socklen_t addrlen = sizeof(addr);
  if (getsockname(listener, (struct sockaddr *)&addr, &addrlen) < 0) die("getsockname");
  name((struct sockaddr *)&addr, addrlen, "listening on");

  char buf[4096];
  for (int served = 0; count == 0 || served < count; served++) {
    addrlen = sizeof(addr);
    int sock = accept(listener, (struct sockaddr *)&addr, &addrlen);
    if (sock < 0) die("accept");
    name((struct sockaddr *)&addr, addrlen, "client");
    int total = 0;
    int n;
    while ((n = recv(sock, buf, sizeof(buf), 0)) > 0) {
      for (int done = 0; done < n;) {
        int sent = send(sock, buf + done, n - done, MSG_NOSIGNAL);
        if (sent < 0) die("send");
        done += sent;
      }
      total += n;
    }
    if (n < 0) perror("recv");
    printf("%d bytes given back\n", total);
    close(sock);
  }
  close(listener);
}
