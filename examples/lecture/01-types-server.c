// Lecture, section 1: types of sockets. The receiver: a stream, datagrams, and messages in a stream.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// The header that goes before each message: its length, in network byte order.
struct my_app_hdr {
  int length;
};

static int check(int result, const char *what) {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  // A stream socket (TCP) and a datagram socket (UDP).
  int listening_sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  int datagram_sock = check(socket(AF_INET, SOCK_DGRAM, 0), "socket() failed");

  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = inet_addr("127.0.0.1");
  sin.sin_port = htons(0);
  check(bind(listening_sock, (struct sockaddr *) &sin, sizeof(sin)), "bind failed");
  check(bind(datagram_sock, (struct sockaddr *) &sin, sizeof(sin)), "bind failed");
  check(listen(listening_sock, 5), "listen failed");

  socklen_t addr_len = sizeof(sin);
  check(getsockname(listening_sock, (struct sockaddr *) &sin, &addr_len), "getsockname failed");
  printf("streams: listening on port %d\n", ntohs(sin.sin_port));
  check(getsockname(datagram_sock, (struct sockaddr *) &sin, &addr_len), "getsockname failed");
  printf("datagrams: bound to port %d\n", ntohs(sin.sin_port));

  char buffer[4096];

  // The stream: recv() waits here until the buffer is full or the sender has closed.
  int sock = check(accept(listening_sock, NULL, NULL), "accept failed");
  int read_bytes = check(recv(sock, buffer, sizeof(buffer), MSG_WAITALL), "recv failed");
  printf("stream: one run of %d bytes: \"%.*s\"\n", read_bytes, read_bytes, buffer);
  check(close(sock), "close failed");

  // Datagrams: each recv() gets one message, however large the buffer.
  for (int i = 1; i <= 2; i++) {
    read_bytes = check(recv(datagram_sock, buffer, sizeof(buffer), 0), "recv failed");
    printf("datagram %d: %d bytes: \"%.*s\"\n", i, read_bytes, read_bytes, buffer);
  }

  // Messages in a stream: the header says how many bytes belong to the message.
  sock = check(accept(listening_sock, NULL, NULL), "accept failed");
  struct my_app_hdr hdr;
  while (check(recv(sock, &hdr, sizeof(hdr), MSG_WAITALL), "recv failed") > 0) {
    unsigned char *wire = (unsigned char *) &hdr;
    printf("header on the wire: %02x %02x %02x %02x\n", wire[0], wire[1], wire[2], wire[3]);
    int length = ntohl(hdr.length);
    if (length < 0 || length > (int) sizeof(buffer)) {
      fprintf(stderr, "a message of %d bytes is too long\n", length);
      abort();
    }
    read_bytes = check(recv(sock, buffer, length, MSG_WAITALL), "recv failed");
    printf("message: %d \"%.*s\"\n", length, read_bytes, buffer);
  }
  check(close(sock), "close failed");
  check(close(datagram_sock), "close failed");
  check(close(listening_sock), "close failed");
}
