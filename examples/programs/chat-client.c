// Program: chat-client, says what its standard input says, and writes what it hears; both at once, with select().
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

// write() may take less than all of it.
static void write_all(int fd, const char *buf, int count) {
  while (count > 0) {
    int written = write(fd, buf, count);
    if (written < 0) die("write");
    buf += written;
    count -= written;
  }
}

int main(int argc, char *argv[]) {
  if (argc != 3) {
    fprintf(stderr, "usage: chat-client address port\n");
    exit(2);
  }
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
  if (connect(sock, (struct sockaddr *)&addr, sizeof(addr)) < 0) die("connect");
  fprintf(stderr, "connected\n");

  int stdin_fd = 0;
  int stdout_fd = 1;
  int stdin_eof = 0;
  char buf[4096];
  fd_set read_fds;
  FD_ZERO(&read_fds);
  for (;;) {
    if (!stdin_eof) FD_SET(stdin_fd, &read_fds);
    FD_SET(sock, &read_fds);
    if (select(MAX(stdin_fd, sock) + 1, &read_fds, NULL, NULL, NULL) < 0) die("select");

    if (FD_ISSET(sock, &read_fds)) {
      int n = read(sock, buf, sizeof(buf));
      if (n < 0) die("read");
      if (n == 0) break;
      write_all(stdout_fd, buf, n);
    }
    if (FD_ISSET(stdin_fd, &read_fds)) {
      int n = read(stdin_fd, buf, sizeof(buf));
      if (n < 0) die("read");
      if (n == 0) {
        // Nothing more to say; but there may be more to hear.
        stdin_eof = 1;
        if (shutdown(sock, SHUT_WR) < 0) die("shutdown");
        FD_CLR(stdin_fd, &read_fds);
      } else {
        write_all(sock, buf, n);
      }
    }
  }
  close(sock);
  if (!stdin_eof) {
    fprintf(stderr, "the server has gone\n");
    exit(1);
  }
}
