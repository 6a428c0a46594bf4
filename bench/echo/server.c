/* Benchmark, group echo: the server in C. A level-triggered epoll loop; for each connection that is ready one recv and
   one send. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include "../contestant.h"

enum { ROOM = 128, BACKLOG = 4096, EVENTS = 1024 };

static int epfd;

static void watch(int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  if (epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl failed");
}

static void accept_all(int listener) {
  for (;;) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      watch(fd);
    } else if (errno == EAGAIN) {
      return;
    } else {
      die("accept4 failed");
    }
  }
}

static void echo(int fd) {
  static char buffer[ROOM];
  ssize_t length = recv(fd, buffer, ROOM, 0);
  if (length <= 0 || send(fd, buffer, (size_t)length, MSG_NOSIGNAL) != length) close(fd);
}

/* Answers a line "gc", as every server does: there is nothing to collect. */
static void obey(void) {
  char line[32];
  if (read(0, line, sizeof(line)) <= 0) exit(0);
  printf("ok\n");
}

int main(void) {
  struct rlimit files;
  struct sockaddr_in sin;
  socklen_t size = sizeof(sin);
  pthread_t thread;
  static struct epoll_event events[EVENTS];

  setvbuf(stdout, NULL, _IOLBF, 0);
  if (pthread_create(&thread, NULL, idle, NULL) != 0) return 1;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);

  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (bind(listener, (struct sockaddr *)&sin, sizeof(sin)) < 0 || listen(listener, BACKLOG) < 0) die("listen failed");
  if (getsockname(listener, (struct sockaddr *)&sin, &size) < 0) die("getsockname failed");
  epfd = epoll_create1(EPOLL_CLOEXEC);
  watch(listener);
  watch(0);
  printf("%d\n", ntohs(sin.sin_port));

  for (;;) {
    int count = epoll_wait(epfd, events, EVENTS, -1);
    for (int i = 0; i < count; i++) {
      int fd = events[i].data.fd;
      if (fd == listener) {
        accept_all(listener);
      } else if (fd == 0) {
        obey();
      } else {
        echo(fd);
      }
    }
  }
}
