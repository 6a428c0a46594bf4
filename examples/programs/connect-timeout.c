// Program: connect-timeout, connects without waiting longer than it is told to: O_NONBLOCK, poll() and SO_ERROR.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what) {
  perror(what);
  exit(1);
}

// As connect(), but gives up after so many milliseconds, with ETIMEDOUT.
static int connect_timeout(int sock, const struct sockaddr *addr, socklen_t addrlen, int timeout) {
  int fl = fcntl(sock, F_GETFL);
  if (fl < 0 || fcntl(sock, F_SETFL, fl | O_NONBLOCK) < 0) die("fcntl");

  int result = connect(sock, addr, addrlen);
  if (result < 0 && errno == EINPROGRESS) {
    printf("in progress\n");
    struct pollfd pfd = {.fd = sock, .events = POLLOUT};
    int ready = poll(&pfd, 1, timeout);
    if (ready < 0) die("poll");
    int error = ETIMEDOUT;
    socklen_t len = sizeof(error);
    if (ready > 0 && getsockopt(sock, SOL_SOCKET, SO_ERROR, &error, &len) < 0) die("SO_ERROR");
    errno = error;
    result = error == 0 ? 0 : -1;
  }

  int saved = errno;
  if (fcntl(sock, F_SETFL, fl) < 0) die("fcntl");
  errno = saved;
  return result;
}

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc < 3 || argc > 4) {
    fprintf(stderr, "usage: connect-timeout address port [milliseconds]\n");
    exit(2);
  }
  int timeout = argc > 3 ? atoi(argv[3]) : 5000;
  struct sockaddr_in addr;
  memset(&addr, 0, sizeof(addr));
  addr.sin_family = AF_INET;
  addr.sin_port = htons(atoi(argv[2]));
  if (inet_pton(AF_INET, argv[1], &addr.sin_addr) != 1) {
    fprintf(stderr, "%s is no IPv4 address\n", argv[1]);
    exit(2);
  }

  int sock = socket(AF_INET, SOCK_STREAM, 0);
  if (sock < 0) die("socket");
  if (connect_timeout(sock, (struct sockaddr *)&addr, sizeof(addr), timeout) < 0) {
    printf("not connected: %s\n", strerror(errno));
    close(sock);
    exit(1);
  }
  struct sockaddr_in peer;
  socklen_t peerlen = sizeof(peer);
  if (getpeername(sock, (struct sockaddr *)&peer, &peerlen) < 0) die("getpeername");
  printf("connected to %s, port %d; blocking again: %s\n", inet_ntoa(peer.sin_addr), ntohs(peer.sin_port),
         fcntl(sock, F_GETFL) & O_NONBLOCK ? "no" : "yes");

  char buf[256];
  int n;
  while ((n = read(sock, buf, sizeof(buf))) > 0) printf("%.*s", n, buf);
  if (n < 0) die("read");
  close(sock);
}
