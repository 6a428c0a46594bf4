// Lecture, section 4: endianness. Which are you on? Then sends numbers without and with conversion.
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
#define htobe64(x) OSSwapHostToBigInt64(x)
#endif

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
    fprintf(stderr, "which port is the receiver bound to?\n");
    exit(2);
  }

  // Which are you on?
  union {
    uint16_t number;
    uint8_t bytes[2];
  } test;
  test.number = 0x0A0B;
  printf("%02x%02x\n", test.bytes[0], test.bytes[1]);
  printf("this machine is %s-endian\n", test.bytes[0] == 0x0A ? "big" : "little");
  printf("htons(0x0A0B) in memory: ");
  test.number = htons(0x0A0B);
  printf("%02x%02x\n", test.bytes[0], test.bytes[1]);

  int sock = check(socket(AF_INET, SOCK_DGRAM, 0), "socket() failed");
  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = inet_addr("127.0.0.1");
  sin.sin_port = htons(atoi(argv[1]));
  check(connect(sock, (struct sockaddr *) &sin, sizeof(sin)), "connection failed");

  uint16_t number16 = 256;
  check(send(sock, &number16, sizeof(number16), 0), "send failed");
  printf("sent 256 as it is\n");
  number16 = htons(256);
  check(send(sock, &number16, sizeof(number16), 0), "send failed");
  printf("sent htons(256)\n");
  uint32_t number32 = htonl(0x0A0B0C0D);
  check(send(sock, &number32, sizeof(number32), 0), "send failed");
  printf("sent htonl(0x0A0B0C0D)\n");
  uint64_t number64 = htobe64(0x0A0B0C0D0E0F1011);
  check(send(sock, &number64, sizeof(number64), 0), "send failed");
  printf("sent htobe64(0x0A0B0C0D0E0F1011)\n");
  check(close(sock), "close failed");
}
