// Program: watchdog, expects a datagram now and then, and says when none has come in time; with pselect().
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int get_socket(const char *text) {
  struct sockaddr_in addr;
  memset(&addr, 0, sizeof(addr));
  addr.sin_family = AF_INET;
  addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  addr.sin_port = htons(0);
  int sock = socket(AF_INET, SOCK_DGRAM, 0);
  if (sock < 0) die("socket");
  if (sock >= FD_SETSIZE) {
    fprintf(stderr, "the descriptor is too large\n");
    exit(1);
  }
  if (bind(sock, (struct sockaddr *)&addr, sizeof(addr)) < 0) die("bind");
  socklen_t addrlen = sizeof(addr);
  if (getsockname(sock, (struct sockaddr *)&addr, &addrlen) < 0) die("getsockname");
  printf("%s on port %d\n", text, ntohs(addr.sin_port));
  return sock;
}

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc != 3) {
    fprintf(stderr, "usage: watchdog milliseconds misses\n");
    exit(2);
  }
  int milliseconds = atoi(argv[1]);
  int misses = atoi(argv[2]); // it ends after so many in a row

  int heartbeat = get_socket("heartbeat");
  int control = get_socket("control");
  fd_set read_fds;
  sigset_t mask;
  memset(&mask, 0, sizeof(mask)); // no signal is blocked while it waits
  struct timespec timeout;
  timeout.tv_sec = milliseconds / 1000;
  timeout.tv_nsec = milliseconds % 1000 * 1000000L; // pselect() leaves it alone: it is set once
  char buf[64];

  for (int missed = 0; missed < misses;) {
    FD_ZERO(&read_fds);
    FD_SET(heartbeat, &read_fds);
    FD_SET(control, &read_fds);
    int ready = pselect(MAX(heartbeat, control) + 1, &read_fds, NULL, NULL, &timeout, &mask);
    if (ready < 0) die("pselect");
    if (ready == 0) {
      missed++;
      printf("nothing for %ld ms: %d of %d\n", timeout.tv_sec * 1000 + timeout.tv_nsec / 1000000, missed, misses);
    }
    if (FD_ISSET(heartbeat, &read_fds)) {
      int received = recv(heartbeat, buf, sizeof(buf), 0);
      if (received < 0) die("recv");
      printf("alive: %.*s\n", received, buf);
      missed = 0;
    }
    if (FD_ISSET(control, &read_fds)) {
      struct sockaddr_in from;
      socklen_t fromlen = sizeof(from);
      int received = recvfrom(control, buf, sizeof(buf), 0, (struct sockaddr *)&from, &fromlen);
      if (received < 0) die("recvfrom");
      printf("asked: %.*s\n", received, buf);
      const char *answer = missed == 0 ? "alive" : "late";
      if (sendto(control, answer, strlen(answer), 0, (struct sockaddr *)&from, fromlen) < 0) die("sendto");
    }
  }
  close(heartbeat);
  close(control);
  printf("given up\n");
}
