// Lecture, section 16: SIGPIPE. The peer that closes its connection.
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
  check(close(sock), "close failed");
  printf("closed the connection\n");
  check(close(listening_sock), "close failed");
}
