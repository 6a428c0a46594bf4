// Lecture, section 7: connect(). Connects to the server, and to a port where nobody listens.
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
    fprintf(stderr, "which port does the server listen on?\n");
    exit(2);
  }
  int server_port = atoi(argv[1]);

  // inet_addr() gives a number that lies in memory in network byte order.
  unsigned int addr = inet_addr("1.2.3.4");
  unsigned char *bytes = (unsigned char *) &addr;
  printf("inet_addr(\"1.2.3.4\") is 0x%08x, in memory %d %d %d %d\n", addr, bytes[0], bytes[1], bytes[2], bytes[3]);

  int sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = inet_addr("127.0.0.1");
  sin.sin_port = htons(server_port);
  if (connect(sock, (struct sockaddr *) &sin, sizeof(sin)) < 0) {
    perror("connection failed");
    abort();
  }

  // connect() has returned: the connection is established, and has two ends.
  struct sockaddr_in peer;
  socklen_t addr_len = sizeof(peer);
  check(getpeername(sock, (struct sockaddr *) &peer, &addr_len), "getpeername failed");
  printf("connected to %s, port %d\n", inet_ntoa(peer.sin_addr), ntohs(peer.sin_port));
  printf("the peer is the server: %s\n", ntohs(peer.sin_port) == server_port ? "yes" : "no");
  check(close(sock), "close failed");

  // Or it fails: this port is bound, but its socket does not listen.
  int bound_sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  sin.sin_port = htons(0);
  check(bind(bound_sock, (struct sockaddr *) &sin, sizeof(sin)), "bind failed");
  check(getsockname(bound_sock, (struct sockaddr *) &sin, &addr_len), "getsockname failed");
  sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  if (connect(sock, (struct sockaddr *) &sin, sizeof(sin)) < 0) {
    printf("where nobody listens connect() gave ECONNREFUSED: %s\n", errno == ECONNREFUSED ? "yes" : "no");
    perror("connection failed");
  }
  check(close(sock), "close failed");
  check(close(bound_sock), "close failed");
}
