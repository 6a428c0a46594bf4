// Lecture, section 5: reusing the same port. Serves one client, closes, and binds its port again.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
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

  int sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  int optval = 1;
  if (setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &optval, sizeof(optval)) < 0) {
    perror("reuse failed");
    abort();
  }

  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = inet_addr("127.0.0.1");
  sin.sin_port = htons(0);
  check(bind(sock, (struct sockaddr *) &sin, sizeof(sin)), "bind failed");
  check(listen(sock, 5), "listen failed");
  socklen_t addr_len = sizeof(sin);
  check(getsockname(sock, (struct sockaddr *) &sin, &addr_len), "getsockname failed");
  int server_port = ntohs(sin.sin_port);
  printf("listening on port %d\n", server_port);

  // The server ends the connection first, so that its side is the one that waits for 2 MSL.
  int client_sock = check(accept(sock, NULL, NULL), "accept failed");
  check(shutdown(client_sock, SHUT_WR), "shutdown failed");
  char buffer[16];
  int read_bytes = check(recv(client_sock, buffer, sizeof(buffer), 0), "recv failed");
  printf("both sides have ended the connection: recv() gives %d\n", read_bytes);
  check(close(client_sock), "close failed");
  check(close(sock), "close failed");

  // Without SO_REUSEADDR the port cannot be bound again.
  sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  if (bind(sock, (struct sockaddr *) &sin, sizeof(sin)) < 0) {
    int in_use = errno == EADDRINUSE;
    printf("bind to port %d without SO_REUSEADDR gave EADDRINUSE: %s\n", server_port, in_use ? "yes" : "no");
    perror("bind failed");
  }
  check(close(sock), "close failed");

  // With it, set before bind(), it can.
  sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  if (setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &optval, sizeof(optval)) < 0) {
    perror("reuse failed");
    abort();
  }
  int result = check(bind(sock, (struct sockaddr *) &sin, sizeof(sin)), "bind failed");
  printf("bind to port %d with SO_REUSEADDR gave %d\n", server_port, result);
  check(listen(sock, 5), "listen failed");

  // setsockopt() changes other options as well: the size of a buffer,
  optval = 65536;
  check(setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &optval, sizeof(optval)), "setsockopt failed");
  socklen_t optlen = sizeof(optval);
  check(getsockopt(sock, SOL_SOCKET, SO_RCVBUF, &optval, &optlen), "getsockopt failed");
  printf("the receive buffer holds at least 65536 bytes: %s\n", optval >= 65536 ? "yes" : "no");

  // and how long a call waits: accept() gives up, for no client comes.
  struct timeval timeout;
  timeout.tv_sec = 0;
  timeout.tv_usec = 100000;
  check(setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)), "setsockopt failed");
  if (accept(sock, NULL, NULL) < 0) {
    printf("accept() with a time-out of 100 ms gave EWOULDBLOCK: %s\n", errno == EWOULDBLOCK ? "yes" : "no");
  }
  check(close(sock), "close failed");
}
