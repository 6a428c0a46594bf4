// Lecture, section 3: bind(). Holds a port on every address of this machine.
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

  if (argc < 3) {
    fprintf(stderr, "which port (0: any), and how many clients come?\n");
    exit(2);
  }
  int server_port = atoi(argv[1]);
  int clients = atoi(argv[2]);
  int sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");

  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = INADDR_ANY;
  sin.sin_port = htons(server_port);
  if (bind(sock, (struct sockaddr *) &sin, sizeof(sin)) < 0) {
    perror("bind failed");
    abort();
  }

  check(listen(sock, 5), "listen failed");
  socklen_t addr_len = sizeof(sin);
  check(getsockname(sock, (struct sockaddr *) &sin, &addr_len), "getsockname failed");
  printf("bound to address %s, port %d\n", inet_ntoa(sin.sin_addr), ntohs(sin.sin_port));

  // INADDR_ANY: clients come by any address of this machine.
  for (int i = 0; i < clients; i++) {
    int client_sock = check(accept(sock, NULL, NULL), "accept failed");
    check(getsockname(client_sock, (struct sockaddr *) &sin, &addr_len), "getsockname failed");
    printf("a client came by address %s\n", inet_ntoa(sin.sin_addr));
    check(close(client_sock), "close failed");
  }
  check(close(sock), "close failed");
}
