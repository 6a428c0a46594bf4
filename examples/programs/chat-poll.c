// Program: chat-poll, a chat server on poll(). What one client says, all others hear; nobody makes the others wait.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what) {
  perror(what);
  exit(1);
}

static struct pollfd *pfds;
static int fd_count = 0;
static int fd_size = 2;

static void add_to_pfds(int fd) {
  if (fd_count == fd_size) {
    struct pollfd *larger = calloc(2 * fd_size, sizeof(struct pollfd));
    memcpy(larger, pfds, fd_count * sizeof(struct pollfd));
    free(pfds);
    pfds = larger;
    fd_size *= 2;
  }
  pfds[fd_count].fd = fd;
  pfds[fd_count].events = POLLIN;
  pfds[fd_count].revents = 0;
  fd_count++;
}

static void del_from_pfds(int i) {
  pfds[i] = pfds[fd_count - 1]; // the last one takes its place
  fd_count--;
}

static int get_listener(int port) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0) die("socket");
  int yes = 1;
  if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0) die("setsockopt");
  struct sockaddr_in addr;
  memset(&addr, 0, sizeof(addr));
  addr.sin_family = AF_INET;
  addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  addr.sin_port = htons(port);
  if (bind(listener, (struct sockaddr *)&addr, sizeof(addr)) < 0) die("bind");
  if (listen(listener, 10) < 0) die("listen");
  socklen_t addrlen = sizeof(addr);
  if (getsockname(listener, (struct sockaddr *)&addr, &addrlen) < 0) die("getsockname");
  printf("listening on port %d\n", ntohs(addr.sin_port));
  return listener;
}

static void take_new_clients(int listener) {
  for (;;) {
    struct sockaddr_in remote;
    socklen_t addrlen = sizeof(remote);
    int newfd = accept4(listener, (struct sockaddr *)&remote, &addrlen, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (newfd < 0) {
      if (errno != EAGAIN && errno != EWOULDBLOCK) perror("accept4");
      return;
    }
    char text[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, &remote.sin_addr, text, sizeof(text));
    add_to_pfds(newfd);
    printf("new connection from %s on socket %d\n", text, newfd);
  }
}

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc > 3) {
    fprintf(stderr, "usage: chat-poll [port [clients]]\n");
    exit(2);
  }
  int port = argc > 1 ? atoi(argv[1]) : 0;
  int clients = argc > 2 ? atoi(argv[2]) : 0; // the server ends when so many have left; 0: never

  pfds = calloc(fd_size, sizeof(struct pollfd));
  int listener = get_listener(port);
  add_to_pfds(listener);
  int left = 0;
  char buf[256];

  while (clients == 0 || left < clients) {
    if (poll(pfds, fd_count, -1) < 0) die("poll");

    // From the end: whoever takes the place of one that left has been looked at.
    for (int i = fd_count - 1; i >= 0; i--) {
      int fd = pfds[i].fd;
      if (pfds[i].revents == 0) continue;
      if (fd == listener) {
        take_new_clients(listener);
        continue;
      }

      int nbytes = recv(fd, buf, sizeof(buf), 0);
      if (nbytes <= 0) {
        if (nbytes < 0) perror("recv");
        printf("socket %d hung up\n", fd);
        close(fd);
        del_from_pfds(i);
        left++;
        continue;
      }
      for (int j = 0; j < fd_count; j++) {
        int dest = pfds[j].fd;
        if (dest != listener && dest != fd && send(dest, buf, nbytes, MSG_NOSIGNAL) < 0) perror("send");
      }
    }
  }
  close(listener);
  printf("all have left, and there was room for %d\n", fd_size);
}
