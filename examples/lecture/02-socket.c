// Lecture, section 2: socket(), errno.
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// Asks the kernel what kind of socket this is.
static void show(const char *call, int sock) {
  if (sock < 0) {
    perror("socket() failed");
    abort();
  }
  struct sockaddr_storage name;
  socklen_t name_len = sizeof(name);
  int type;
  socklen_t type_len = sizeof(type);
  if (getsockname(sock, (struct sockaddr *) &name, &name_len) < 0) {
    perror("getsockname failed");
    abort();
  }
  if (getsockopt(sock, SOL_SOCKET, SO_TYPE, &type, &type_len) < 0) {
    perror("getsockopt failed");
    abort();
  }
  const char *family = name.ss_family == AF_INET6 ? "IPv6" : "IPv4";
  const char *kind = type == SOCK_DGRAM ? "datagrams" : "a stream";
  printf("%s: descriptor %d, %s, %s\n", call, sock, family, kind);
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  int sock = socket(AF_INET, SOCK_STREAM, 0);
  if (sock < 0) {
    perror("socket() failed");
    abort();
  }
  show("socket(AF_INET, SOCK_STREAM, 0)", sock);
  int pf_sock = socket(PF_INET, SOCK_STREAM, 0);
  show("socket(PF_INET, SOCK_STREAM, 0)", pf_sock);
  int sock6 = socket(AF_INET6, SOCK_STREAM, 0);
  show("socket(AF_INET6, SOCK_STREAM, 0)", sock6);
  int udp_sock = socket(AF_INET, SOCK_DGRAM, 0);
  show("socket(AF_INET, SOCK_DGRAM, 0)", udp_sock);

  // Calls return -1 and set errno on error. EINVAL: this socket does not listen.
  if (accept(sock, NULL, NULL) < 0 && errno == EINVAL) {
    printf("accept() gave -1 and EINVAL: %s\n", strerror(errno));
  }

  // EWOULDBLOCK: there is nothing to receive, and the caller does not want to wait.
  char buffer[16];
  if (recv(udp_sock, buffer, sizeof(buffer), MSG_DONTWAIT) < 0 && errno == EWOULDBLOCK) {
    printf("recv() gave -1 and EWOULDBLOCK: %s\n", strerror(errno));
  }

  // perror() prints its text and the message of errno; strerror() returns the message.
  errno = EINVAL;
  perror("perror() says");
  printf("strerror(EINVAL) returns: %s\n", strerror(EINVAL));
  printf("strerror(EWOULDBLOCK) returns: %s\n", strerror(EWOULDBLOCK));
  printf("strerror(EINTR) returns: %s\n", strerror(EINTR));

  close(udp_sock);
  close(sock6);
  close(pf_sock);
  close(sock);
}
