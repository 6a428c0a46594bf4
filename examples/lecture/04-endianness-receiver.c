// Lecture, section 4: endianness. Receives numbers, and shows their bytes as they came over the wire.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __APPLE__
#include <libkern/OSByteOrder.h>
#define be64toh(x) OSSwapBigToHostInt64(x)
#endif

static int check(int result, const char *what) {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  int sock = check(socket(AF_INET, SOCK_DGRAM, 0), "socket() failed");
  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = inet_addr("127.0.0.1");
  sin.sin_port = htons(0);
  check(bind(sock, (struct sockaddr *) &sin, sizeof(sin)), "bind failed");
  socklen_t addr_len = sizeof(sin);
  check(getsockname(sock, (struct sockaddr *) &sin, &addr_len), "getsockname failed");
  printf("bound to port %d\n", ntohs(sin.sin_port));

  // Without conversion: a machine of the other kind puts the same two bytes together the other way round.
  uint16_t number16;
  uint8_t *bytes = (uint8_t *) &number16;
  check(recv(sock, &number16, sizeof(number16), 0), "recv failed");
  int same_kind = number16;
  int other_kind = (number16 & 255) << 8 | number16 >> 8;
  printf("as it is: bytes %02x%02x, this kind of machine reads %d\n", bytes[0], bytes[1], same_kind);
  printf("as it is: bytes %02x%02x, the other kind reads %d\n", bytes[0], bytes[1], other_kind);

  // With conversion: network byte order is big-endian.
  check(recv(sock, &number16, sizeof(number16), 0), "recv failed");
  printf("16 bits: bytes %02x%02x, ntohs() gives %d\n", bytes[0], bytes[1], ntohs(number16));
  uint32_t number32;
  bytes = (uint8_t *) &number32;
  check(recv(sock, &number32, sizeof(number32), 0), "recv failed");
  printf("32 bits: bytes ");
  for (int i = 0; i < (int) sizeof(number32); i++) {
    printf("%02x", bytes[i]);
  }
  printf(", ntohl() gives 0x%08x\n", ntohl(number32));
  uint64_t number64;
  bytes = (uint8_t *) &number64;
  check(recv(sock, &number64, sizeof(number64), 0), "recv failed");
  printf("64 bits: bytes ");
  for (int i = 0; i < (int) sizeof(number64); i++) {
    printf("%02x", bytes[i]);
  }
  int is_sent = be64toh(number64) == 0x0A0B0C0D0E0F1011;
  printf(", be64toh() gives 0x0a0b0c0d0e0f1011: %s\n", is_sent ? "yes" : "no");
  check(close(sock), "close failed");
}
