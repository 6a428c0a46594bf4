// Lecture, section 17: packet headers. Receives a packet and reads its header.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// A packet's header as it goes over the wire: packed.
struct __attribute__((packed)) my_pkt_hdr {
  unsigned short length;
  unsigned char type;
  unsigned int source_addr;
  unsigned int dest_addr;
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

  struct my_pkt_hdr hdr;
  int read_bytes = check(recv(sock, &hdr, sizeof(hdr), MSG_WAITALL), "recv failed");
  printf("a header of %d bytes:", read_bytes);
  unsigned char *wire = (unsigned char *) &hdr;
  for (int i = 0; i < read_bytes; i++) {
    printf(" %02x", wire[i]);
  }
  printf("\n");
  struct in_addr addr;
  printf("length %d\n", ntohs(hdr.length));
  printf("type %d\n", hdr.type);
  addr.s_addr = hdr.source_addr;
  printf("source addr %s\n", inet_ntoa(addr));
  addr.s_addr = hdr.dest_addr;
  printf("dest addr %s\n", inet_ntoa(addr));

  char buffer[4096];
  int data_len = ntohs(hdr.length) - (int) sizeof(hdr);
  if (data_len < 0 || data_len > (int) sizeof(buffer)) {
    fprintf(stderr, "a packet of %d bytes cannot be\n", ntohs(hdr.length));
    abort();
  }
  read_bytes = check(recv(sock, buffer, data_len, MSG_WAITALL), "recv failed");
  printf("data: %.*s\n", read_bytes, buffer);
  check(close(sock), "close failed");
  check(close(listening_sock), "close failed");
}
