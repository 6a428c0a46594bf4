// Lecture, section 1: types of sockets. The sender: "Hi!" and "Hope you're well", three times.
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

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc < 3) {
    fprintf(stderr, "which ports? first the stream's, then the datagrams'\n");
    exit(2);
  }
  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = inet_addr("127.0.0.1");

  // As a stream: two sends, one after the other.
  int sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  sin.sin_port = htons(atoi(argv[1]));
  check(connect(sock, (struct sockaddr *) &sin, sizeof(sin)), "connection failed");
  int sent_bytes = check(send(sock, "Hi!", 3, 0), "send failed");
  printf("stream: sent %d bytes\n", sent_bytes);
  sent_bytes = check(send(sock, "Hope you're well", 16, 0), "send failed");
  printf("stream: sent %d bytes\n", sent_bytes);
  check(close(sock), "close failed");

  // As datagrams: no connection; each send is one message.
  sock = check(socket(AF_INET, SOCK_DGRAM, 0), "socket() failed");
  sin.sin_port = htons(atoi(argv[2]));
  sent_bytes = check(sendto(sock, "Hi!", 3, 0, (struct sockaddr *) &sin, sizeof(sin)), "sendto failed");
  printf("datagram: sent %d bytes\n", sent_bytes);
  sent_bytes = check(sendto(sock, "Hope you're well", 16, 0, (struct sockaddr *) &sin, sizeof(sin)), "sendto failed");
  printf("datagram: sent %d bytes\n", sent_bytes);
  check(close(sock), "close failed");

  // As messages in a stream: the length goes first.
  sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  sin.sin_port = htons(atoi(argv[1]));
  check(connect(sock, (struct sockaddr *) &sin, sizeof(sin)), "connection failed");
  struct my_app_hdr hdr;
  hdr.length = htonl(3);
  sent_bytes = check(send(sock, &hdr, sizeof(hdr), 0), "send failed");
  sent_bytes += check(send(sock, "Hi!", 3, 0), "send failed");
  printf("message: sent %d bytes\n", sent_bytes);
  hdr.length = htonl(16);
  sent_bytes = check(send(sock, &hdr, sizeof(hdr), 0), "send failed");
  sent_bytes += check(send(sock, "Hope you're well", 16, 0), "send failed");
  printf("message: sent %d bytes\n", sent_bytes);
  check(close(sock), "close failed");
}
