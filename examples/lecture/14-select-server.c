// Lecture, section 14: select(). One process, two clients: which of them has data?
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

static int check(int result, const char *what) {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

static void look(int sock1, int sock2) {
  fd_set read_set;
  struct timeval timeout;
  FD_ZERO(&read_set);
  FD_SET(sock1, &read_set);
  FD_SET(sock2, &read_set);
  timeout.tv_sec = 0;
  timeout.tv_usec = 5000;
  int ready = select(MAX(sock1, sock2) + 1, &read_set, NULL, NULL, &timeout);
  if (ready < 0) {
    perror("select failed");
    abort();
  }
  printf("select() gives %d\n", ready);
  char buffer[4096];
  if (FD_ISSET(sock1, &read_set)) {
    int read_bytes = check(recv(sock1, buffer, sizeof(buffer), 0), "recv failed");
    printf("sock1 has data: %.*s\n", read_bytes, buffer);
  }
  if (FD_ISSET(sock2, &read_set)) {
    int read_bytes = check(recv(sock2, buffer, sizeof(buffer), 0), "recv failed");
    printf("sock2 has data: %.*s\n", read_bytes, buffer);
  }
}

// Tells a client to send, and waits until its data is here (and leaves it here).
static void let_send(int sock) {
  char peeked[1];
  check(send(sock, "go", 2, 0), "send failed");
  check(recv(sock, peeked, sizeof(peeked), MSG_PEEK), "recv failed");
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
  int sock1 = check(accept(listening_sock, NULL, NULL), "accept failed");
  printf("client 1 is here\n");
  int sock2 = check(accept(listening_sock, NULL, NULL), "accept failed");
  printf("client 2 is here\n");

  printf("nobody has sent: ");
  look(sock1, sock2);
  let_send(sock1);
  printf("client 1 has sent: ");
  look(sock1, sock2);
  let_send(sock2);
  printf("client 2 has sent: ");
  look(sock1, sock2);
  let_send(sock1);
  let_send(sock2);
  printf("both have sent: ");
  look(sock1, sock2);

  check(close(sock1), "close failed");
  check(close(sock2), "close failed");
  check(close(listening_sock), "close failed");
}
