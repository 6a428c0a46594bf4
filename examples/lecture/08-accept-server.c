// Lecture, section 8: accept(). One passive socket, a descriptor for each client.
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

  char buffer[4096];
  int socks[2];
  for (int i = 0; i < 2; i++) {
    struct sockaddr_in client_sin;
    socklen_t addr_len = sizeof(client_sin);
    int client_sock = accept(listening_sock, (struct sockaddr *) &client_sin, &addr_len);
    if (client_sock < 0) {
      perror("accept failed");
      abort();
    }
    socks[i] = client_sock;
    printf("accept() on descriptor %d gave descriptor %d\n", listening_sock, client_sock);
    printf("client at %s, port %d\n", inet_ntoa(client_sin.sin_addr), ntohs(client_sin.sin_port));

    // In memory both are in network byte order.
    unsigned char *port_bytes = (unsigned char *) &client_sin.sin_port;
    int big_endian = port_bytes[0] << 8 | port_bytes[1];
    printf("its port is in network byte order: %s\n", big_endian == ntohs(client_sin.sin_port) ? "yes" : "no");
    unsigned char *addr_bytes = (unsigned char *) &client_sin.sin_addr;
    printf("its address in memory: %d %d ", addr_bytes[0], addr_bytes[1]);
    printf("%d %d\n", addr_bytes[2], addr_bytes[3]);
  }
  int three = listening_sock != socks[0] && listening_sock != socks[1] && socks[0] != socks[1];
  printf("three descriptors: %s\n", three ? "yes" : "no");

  // The passive socket is not for talking to a client; the others are, each to its own.
  if (recv(listening_sock, buffer, sizeof(buffer), 0) < 0) {
    printf("recv() on the passive socket gave ENOTCONN: %s\n", errno == ENOTCONN ? "yes" : "no");
  }
  check(send(socks[0], "you came first", 14, 0), "send failed");
  check(send(socks[1], "you came second", 15, 0), "send failed");
  for (int i = 0; i < 2; i++) {
    int read_bytes = check(recv(socks[i], buffer, sizeof(buffer), 0), "recv failed");
    printf("client %d has closed: recv() gives %d\n", i + 1, read_bytes);
    check(close(socks[i]), "close failed");
  }
  check(close(listening_sock), "close failed");
}
