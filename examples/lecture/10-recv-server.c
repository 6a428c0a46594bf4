// Lecture, section 10: recv(). The receiver; it tells the sender when to go on, and sees what recv() does then.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static int check(int result, const char *what) {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  int listening_sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = inet_addr("127.0.0.1");
  sin.sin_port = htons(0);
  check(bind(listening_sock, (struct sockaddr *) &sin, sizeof(sin)), "bind failed");
  check(listen(listening_sock, 5), "listen failed");
  socklen_t sin_len = sizeof(sin);
  check(getsockname(listening_sock, (struct sockaddr *) &sin, &sin_len), "getsockname failed");
  printf("listening on port %d\n", ntohs(sin.sin_port));
  int sock = check(accept(listening_sock, NULL, NULL), "accept failed");

  // Nothing has been sent yet: recv() blocks until there is something, and returns what there is.
  double start = milliseconds();
  check(send(sock, "go", 2, 0), "send failed");
  char buffer[4096];
  int expected_data_len = sizeof(buffer);
  int read_bytes = recv(sock, buffer, expected_data_len, 0);
  if (read_bytes == 0) {
    printf("connection is closed\n");
  } else if (read_bytes < 0) {
    perror("recv failed");
  } else {
    printf("recv() of %d bytes gave %d: %.*s\n", expected_data_len, read_bytes, read_bytes, buffer);
  }
  double waited = milliseconds() - start;
  printf("~ recv() waited %.0f ms\n", waited);
  printf("recv() waited until the sender sent: %s\n", waited >= 90 ? "yes" : "no");

  // No guarantee that read_bytes == expected_data_len: the rest is retried.
  expected_data_len = 12;
  int total_bytes = 0;
  while (total_bytes < expected_data_len) {
    check(send(sock, "go", 2, 0), "send failed");
    read_bytes = recv(sock, buffer + total_bytes, expected_data_len - total_bytes, 0);
    if (read_bytes <= 0) {
      perror("recv failed");
      abort();
    }
    printf("recv() of %d bytes gave %d\n", expected_data_len - total_bytes, read_bytes);
    total_bytes += read_bytes;
  }
  printf("together: %.*s\n", total_bytes, buffer);

  // read() and readv() work too.
  check(send(sock, "go", 2, 0), "send failed");
  read_bytes = check(read(sock, buffer, sizeof(buffer)), "read failed");
  printf("read() gave %d: %.*s\n", read_bytes, read_bytes, buffer);
  check(send(sock, "go", 2, 0), "send failed");
  char first[7];
  char second[5];
  struct iovec iov[2];
  iov[0].iov_base = first;
  iov[0].iov_len = sizeof(first);
  iov[1].iov_base = second;
  iov[1].iov_len = sizeof(second);
  read_bytes = check(readv(sock, iov, 2), "readv failed");
  printf("readv() gave %d: \"%.*s\" and \"%.*s\"\n", read_bytes, 7, first, 5, second);

  // The sender closes: recv() returns 0, which is no error.
  check(send(sock, "go", 2, 0), "send failed");
  errno = 0;
  read_bytes = recv(sock, buffer, sizeof(buffer), 0);
  printf("the connection is closed: recv() gave %d, errno is %d\n", read_bytes, errno);
  check(close(sock), "close failed");

  // An error: this socket is not a connection.
  read_bytes = recv(listening_sock, buffer, sizeof(buffer), 0);
  printf("an error: recv() gave %d, errno is ENOTCONN: %s\n", read_bytes, errno == ENOTCONN ? "yes" : "no");
  if (read_bytes < 0) {
    perror("recv failed");
  }
  check(close(listening_sock), "close failed");
}
