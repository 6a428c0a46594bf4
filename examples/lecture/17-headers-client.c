// Lecture, section 17: packet headers. Sends a packet: its header, packed, and its data.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// A packet's header as the compiler lays it out: with padding.
struct my_padded_hdr {
  unsigned short length;
  unsigned char type;
  unsigned int source_addr;
  unsigned int dest_addr;
};

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

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc < 2) {
    fprintf(stderr, "which port does the server listen on?\n");
    exit(2);
  }
  printf("padded: %d bytes, ", (int) sizeof(struct my_padded_hdr));
  printf("source_addr at %d, ", (int) offsetof(struct my_padded_hdr, source_addr));
  printf("dest_addr at %d\n", (int) offsetof(struct my_padded_hdr, dest_addr));
  printf("packed: %d bytes, ", (int) sizeof(struct my_pkt_hdr));
  printf("source_addr at %d, ", (int) offsetof(struct my_pkt_hdr, source_addr));
  printf("dest_addr at %d\n", (int) offsetof(struct my_pkt_hdr, dest_addr));

  int sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = inet_addr("127.0.0.1");
  sin.sin_port = htons(atoi(argv[1]));
  check(connect(sock, (struct sockaddr *) &sin, sizeof(sin)), "connection failed");

  struct my_pkt_hdr hdr;
  char *data = "hello, world";
  int data_len = 12;
  hdr.length = htons(sizeof(hdr) + data_len);
  hdr.type = 7;
  hdr.source_addr = inet_addr("1.2.3.4");
  hdr.dest_addr = inet_addr("128.32.132.214");
  int sent_bytes = check(send(sock, &hdr, sizeof(hdr), 0), "send failed");
  printf("sent a header of %d bytes\n", sent_bytes);
  sent_bytes = check(send(sock, data, data_len, 0), "send failed");
  printf("sent %d bytes of data\n", sent_bytes);
  check(close(sock), "close failed");
}
