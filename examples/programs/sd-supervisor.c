// Program: sd-supervisor, hears what a service tells its manager, and from the kernel who it is. Linux.
#define _GNU_SOURCE
#include <stddef.h>
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

static int get_socket(const char *path) {
  struct sockaddr_un addr;
  memset(&addr, 0, sizeof(addr));
  addr.sun_family = AF_UNIX;
  size_t path_length = strlen(path);
  if (path_length >= sizeof(addr.sun_path)) {
    fprintf(stderr, "the path is too long\n");
    exit(2);
  }
  memcpy(addr.sun_path, path, path_length);
  if (path[0] == '@') addr.sun_path[0] = 0; // an abstract name
  int sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (sock < 0) die("socket");
  int on = 1;
  if (setsockopt(sock, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0) die("SO_PASSCRED");
  if (bind(sock, (struct sockaddr *)&addr, offsetof(struct sockaddr_un, sun_path) + path_length) < 0) die("bind");
  return sock;
}

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc != 2) {
    fprintf(stderr, "usage: sd-supervisor path\n");
    exit(2);
  }
  int sock = get_socket(argv[1]);
  printf("NOTIFY_SOCKET=%s\n", argv[1]);

  char buf[4096];
  _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct ucred))];
  int stopping = 0;
  while (!stopping) {
    struct iovec iov = {.iov_base = buf, .iov_len = sizeof(buf) - 1};
    struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
    int received = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
    if (received < 0) die("recvmsg");
    buf[received] = 0;
    for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg); cmsg != NULL; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
      if (cmsg->cmsg_level == SOL_SOCKET && cmsg->cmsg_type == SCM_CREDENTIALS) {
        struct ucred cred;
        memcpy(&cred, CMSG_DATA(cmsg), sizeof(cred));
        printf("process %d of user %d and group %d: ", cred.pid, cred.uid, cred.gid);
      }
    }
    printf("%s\n", buf);
    stopping = strcmp(buf, "STOPPING=1") == 0;
  }
  close(sock);
  if (argv[1][0] != '@') unlink(argv[1]);
}
