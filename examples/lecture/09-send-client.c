// Lecture, section 9: send(). Sends by send(), write() and writev(), blocking and non-blocking.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define MANY_BYTES (8 * 1024 * 1024)

static int check(int result, const char *what) {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

static char many[MANY_BYTES];
static char taken[MANY_BYTES];

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc < 2) {
    fprintf(stderr, "which port does the server listen on?\n");
    exit(2);
  }
  int sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = inet_addr("127.0.0.1");
  sin.sin_port = htons(atoi(argv[1]));
  check(connect(sock, (struct sockaddr *) &sin, sizeof(sin)), "connection failed");

  char *data_addr = "hello, world";
  int data_len = 12;
  int sent_bytes = send(sock, data_addr, data_len, 0);
  if (sent_bytes < 0) {
    perror("send failed");
  }
  printf("send() took %d bytes\n", sent_bytes);

  // write() and writev() work too.
  sent_bytes = check(write(sock, data_addr, data_len), "write failed");
  printf("write() took %d bytes\n", sent_bytes);
  struct iovec iov[2];
  iov[0].iov_base = "hello, ";
  iov[0].iov_len = 7;
  iov[1].iov_base = "world";
  iov[1].iov_len = 5;
  sent_bytes = check(writev(sock, iov, 2), "writev failed");
  printf("writev() took 7 + 5 = %d bytes\n", sent_bytes);

  // A blocking socket blocks until all is sent, also when it is more than all buffers hold.
  sent_bytes = check(send(sock, many, MANY_BYTES, 0), "send failed");
  printf("a blocking send() of %d bytes took %d\n", MANY_BYTES, sent_bytes);
  check(close(sock), "close failed");

  // A non-blocking socket may take part of it; once its buffer is full it takes nothing.
  int pair[2];
  check(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "socketpair failed");
  int opt = check(fcntl(pair[0], F_GETFL), "fcntl failed");
  check(fcntl(pair[0], F_SETFL, opt | O_NONBLOCK), "fcntl failed");
  sent_bytes = check(send(pair[0], many, MANY_BYTES, 0), "send failed");
  printf("~ a non-blocking send() of %d bytes took %d\n", MANY_BYTES, sent_bytes);
  printf("a non-blocking send() took part: %s\n", sent_bytes > 0 && sent_bytes < MANY_BYTES ? "yes" : "no");
  int total_bytes = sent_bytes;
  if (send(pair[0], many + total_bytes, MANY_BYTES - total_bytes, 0) < 0) {
    printf("the next send() gave EWOULDBLOCK: %s\n", errno == EWOULDBLOCK ? "yes" : "no");
  }

  // The rest is retried, each time that the other side has made room.
  while (total_bytes < MANY_BYTES) {
    check(recv(pair[1], taken, sizeof(taken), 0), "recv failed");
    sent_bytes = send(pair[0], many + total_bytes, MANY_BYTES - total_bytes, 0);
    if (sent_bytes < 0) {
      if (errno == EWOULDBLOCK) {
        continue;
      }
      perror("send failed");
      abort();
    }
    total_bytes += sent_bytes;
  }
  printf("with retries it took %d\n", total_bytes);
  check(close(pair[0]), "close failed");
  check(close(pair[1]), "close failed");
}
