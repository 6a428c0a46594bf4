// Lecture, section 12: UDP. Receives two messages, and answers to where they came from.
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

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  int sock = socket(AF_INET, SOCK_DGRAM, 0);
  if (sock < 0) {
    perror("socket() failed");
    abort();
  }
  struct sockaddr_in own_sin;
  memset(&own_sin, 0, sizeof(own_sin));
  own_sin.sin_family = AF_INET;
  own_sin.sin_addr.s_addr = inet_addr("127.0.0.1");
  own_sin.sin_port = htons(0);
  check(bind(sock, (struct sockaddr *) &own_sin, sizeof(own_sin)), "bind failed");
  socklen_t own_len = sizeof(own_sin);
  check(getsockname(sock, (struct sockaddr *) &own_sin, &own_len), "getsockname failed");
  printf("bound to port %d\n", ntohs(own_sin.sin_port));

  for (int i = 1; i <= 2; i++) {
    struct sockaddr_in sin;
    socklen_t sin_len = sizeof(sin);
    char buffer[4096];
    int read_bytes = recvfrom(sock, buffer, sizeof(buffer), 0, (struct sockaddr *) &sin, &sin_len);
    if (read_bytes < 0) {
      perror("recvfrom failed");
      abort();
    }
    printf("message %d: %d bytes: %.*s\n", i, read_bytes, read_bytes, buffer);
    printf("from %s, port %d\n", inet_ntoa(sin.sin_addr), ntohs(sin.sin_port));
    check(sendto(sock, buffer, read_bytes, 0, (struct sockaddr *) &sin, sin_len), "sendto failed");
  }
  check(close(sock), "close failed");
}
