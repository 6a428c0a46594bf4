// Lecture, section 9: send(). The receiver: three messages, then very many bytes.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MANY_BYTES (8 * 1024 * 1024)

static int check(int result, const char *what) {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

static char buffer[65536];

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
  for (int i = 1; i <= 3; i++) {
    int read_bytes = check(recv(sock, buffer, 12, MSG_WAITALL), "recv failed");
    printf("message %d: %.*s\n", i, read_bytes, buffer);
  }

  int total_bytes = 0;
  while (1) {
    int read_bytes = check(recv(sock, buffer, sizeof(buffer), 0), "recv failed");
    if (read_bytes == 0) {
      break;
    }
    total_bytes += read_bytes;
  }
  printf("then %d bytes: %s\n", total_bytes, total_bytes == MANY_BYTES ? "all" : "not all");
  check(close(sock), "close failed");
  check(close(listening_sock), "close failed");
}
