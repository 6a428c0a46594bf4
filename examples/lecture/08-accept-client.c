// Lecture, section 8: accept(). Prints which port it has, and what the server has to say to it.
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
    fprintf(stderr, "which port does the server listen on?\n");
    exit(2);
  }
  int sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = inet_addr("127.0.0.1");
  sin.sin_port = htons(atoi(argv[1]));
  check(connect(sock, (struct sockaddr *) &sin, sizeof(sin)), "connection failed");

  struct sockaddr_in own_sin;
  socklen_t addr_len = sizeof(own_sin);
  check(getsockname(sock, (struct sockaddr *) &own_sin, &addr_len), "getsockname failed");
  printf("connected from %s, port %d\n", inet_ntoa(own_sin.sin_addr), ntohs(own_sin.sin_port));

  char buffer[4096];
  int read_bytes = check(recv(sock, buffer, sizeof(buffer), 0), "recv failed");
  printf("the server says: %.*s\n", read_bytes, buffer);
  check(close(sock), "close failed");
}
