// Lecture, section 3: bind(). Tries to bind the server's port as well, then connects to it by each address.
#include <arpa/inet.h>
#include <errno.h>
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
    fprintf(stderr, "which port has the server, and by which addresses?\n");
    exit(2);
  }
  int server_port = atoi(argv[1]);
  int sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");

  // Another process has this port: bind() fails.
  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = INADDR_ANY;
  sin.sin_port = htons(server_port);
  if (bind(sock, (struct sockaddr *) &sin, sizeof(sin)) < 0) {
    printf("a second bind to port %d gave EADDRINUSE: %s\n", server_port, errno == EADDRINUSE ? "yes" : "no");
    perror("bind failed");
  }
  check(close(sock), "close failed");

  for (int i = 2; i < argc; i++) {
    sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
    sin.sin_addr.s_addr = inet_addr(argv[i]);
    check(connect(sock, (struct sockaddr *) &sin, sizeof(sin)), "connection failed");
    printf("connected to address %s\n", inet_ntoa(sin.sin_addr));
    check(close(sock), "close failed");
  }
}
