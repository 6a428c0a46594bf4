// Program: broker-client, says a word to the broker, and something to whoever else said that word.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int receive_descriptor(int sock, char *role) {
  struct iovec iov = {.iov_base = role, .iov_len = 1};
  _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
  struct msghdr msg;
  memset(&msg, 0, sizeof(msg));
  msg.msg_iov = &iov;
  msg.msg_iovlen = 1;
  msg.msg_control = control;
  msg.msg_controllen = sizeof(control);
  int received = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
  if (received < 0) die("recvmsg");
  struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
  if (received == 0 || cmsg == NULL || cmsg->cmsg_level != SOL_SOCKET || cmsg->cmsg_type != SCM_RIGHTS ||
      cmsg->cmsg_len != CMSG_LEN(sizeof(int))) {
    fprintf(stderr, "the broker gave no descriptor\n");
    exit(1);
  }
  int fd;
  memcpy(&fd, CMSG_DATA(cmsg), sizeof(fd));
  return fd;
}

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc != 4) {
    fprintf(stderr, "usage: broker-client path word message\n");
    exit(2);
  }
  struct sockaddr_un addr;
  memset(&addr, 0, sizeof(addr));
  addr.sun_family = AF_UNIX;
  strncpy(addr.sun_path, argv[1], sizeof(addr.sun_path) - 1);
  int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (sock < 0) die("socket");
  if (connect(sock, (struct sockaddr *)&addr, SUN_LEN(&addr)) < 0) die("connect");
  if (send(sock, argv[2], strlen(argv[2]), MSG_NOSIGNAL) < 0) die("send");
  char role[1];
  int fd = receive_descriptor(sock, role);
  close(sock);
  printf("two know \"%s\"; this one is number %c\n", argv[2], role[0]);

  // From here on the broker is not needed.
  if (write(fd, argv[3], strlen(argv[3])) < 0) die("write");
  if (shutdown(fd, SHUT_WR) < 0) die("shutdown");
  char buf[256];
  int n;
  printf("the other one says: ");
  while ((n = read(fd, buf, sizeof(buf))) > 0) printf("%.*s", n, buf);
  if (n < 0) die("read");
  printf("\n");
  close(fd);
}
