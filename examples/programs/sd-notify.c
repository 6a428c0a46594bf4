// Program: sd-notify, tells the service manager how this service is doing; all of the protocol, see sd_notify(3).
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// Gives 1 if the manager was told, 0 if there is none, or -errno.
static int notify(const char *message) {
  struct sockaddr_un socket_addr;
  memset(&socket_addr, 0, sizeof(socket_addr));
  socket_addr.sun_family = AF_UNIX;

  if (strlen(message) == 0) return -EINVAL;
  const char *socket_path = getenv("NOTIFY_SOCKET");
  if (socket_path == NULL) return 0;
  if (socket_path[0] != '/' && socket_path[0] != '@') return -EAFNOSUPPORT;
  size_t path_length = strlen(socket_path);
  if (path_length >= sizeof(socket_addr.sun_path)) return -E2BIG;
  memcpy(socket_addr.sun_path, socket_path, path_length);
  if (socket_path[0] == '@') socket_addr.sun_path[0] = 0; // an abstract name

  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  socklen_t addrlen = offsetof(struct sockaddr_un, sun_path) + path_length;
  if (connect(fd, (struct sockaddr *)&socket_addr, addrlen) != 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  ssize_t written = write(fd, message, strlen(message));
  int error = errno;
  close(fd);
  if (written != (ssize_t)strlen(message)) return written < 0 ? -error : -EPROTO;
  return 1;
}

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc < 2) {
    fprintf(stderr, "usage: sd-notify message...\n");
    exit(2);
  }
  for (int i = 1; i < argc; i++) {
    int told = notify(argv[i]);
    if (told < 0) {
      fprintf(stderr, "%s: %s\n", argv[i], strerror(-told));
      exit(1);
    }
    printf("%s: %s\n", argv[i], told ? "told" : "there is nobody to tell");
  }
}
