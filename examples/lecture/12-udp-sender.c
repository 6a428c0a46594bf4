// Lecture, section 12: UDP. Sends two messages without a connection, and one to nobody.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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
  int sock = socket(AF_INET, SOCK_DGRAM, 0);
  if (sock < 0) {
    perror("socket() failed");
    abort();
  }

  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = inet_addr("127.0.0.1");
  sin.sin_port = htons(atoi(argv[1]));
  char *data = "hello, world";
  int data_len = 12;
  int sent_bytes = sendto(sock, data, data_len, 0, (struct sockaddr *) &sin, sizeof(sin));
  if (sent_bytes < 0) {
    perror("sendto failed");
    abort();
  }
  printf("sendto() took %d bytes\n", sent_bytes);
  sent_bytes = check(sendto(sock, "Hi!", 3, 0, (struct sockaddr *) &sin, sizeof(sin)), "sendto failed");
  printf("sendto() took %d bytes\n", sent_bytes);

  // The answers come back to the port that the first sendto() has given this socket.
  char buffer[4096];
  for (int i = 1; i <= 2; i++) {
    int read_bytes = check(recvfrom(sock, buffer, sizeof(buffer), 0, NULL, NULL), "recvfrom failed");
    printf("answer %d: %d bytes: %.*s\n", i, read_bytes, read_bytes, buffer);
  }

  // Best effort: nobody is at that port, and sendto() does not say so.
  sin.sin_port = htons(9);
  sent_bytes = check(sendto(sock, data, data_len, 0, (struct sockaddr *) &sin, sizeof(sin)), "sendto failed");
  printf("sendto() to nobody took %d bytes\n", sent_bytes);
  check(close(sock), "close failed");
}
