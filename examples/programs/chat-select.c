// Program: chat-select, a chat server on select(). What one client says, all others hear.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what) {
  perror(what);
  exit(1);
}

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc > 3) {
    fprintf(stderr, "usage: chat-select [port [clients]]\n");
    exit(2);
  }
  int port = argc > 1 ? atoi(argv[1]) : 0;
  int clients = argc > 2 ? atoi(argv[2]) : 0; // the server ends when so many have left; 0: never

  int listener = socket(AF_INET, SOCK_STREAM, 0);
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

  fd_set master;   // everyone
  fd_set read_fds; // who has something to say
  FD_ZERO(&master);
  FD_SET(listener, &master);
  int fdmax = listener;
  int left = 0;
  char buf[256];

  while (clients == 0 || left < clients) {
    memcpy(&read_fds, &master, sizeof(master));
    if (select(fdmax + 1, &read_fds, NULL, NULL, NULL) < 0) die("select");

    for (int i = 0; i <= fdmax; i++) {
      if (!FD_ISSET(i, &read_fds)) continue;

      // A new client.
      if (i == listener) {
        struct sockaddr_in remote;
        addrlen = sizeof(remote);
        int newfd = accept(listener, (struct sockaddr *)&remote, &addrlen);
        if (newfd < 0) {
          perror("accept");
        } else if (newfd >= FD_SETSIZE) {
          fprintf(stderr, "too many clients\n");
          close(newfd);
        } else {
          FD_SET(newfd, &master);
          if (newfd > fdmax) fdmax = newfd;
          printf("new connection from %s on socket %d\n", inet_ntoa(remote.sin_addr), newfd);
        }
        continue;
      }

      // A client says something, or is gone.
      int nbytes = recv(i, buf, sizeof(buf), 0);
      if (nbytes <= 0) {
        if (nbytes < 0) perror("recv");
        printf("socket %d hung up\n", i);
        close(i);
        FD_CLR(i, &master);
        left++;
        continue;
      }
      for (int j = 0; j <= fdmax; j++) {
        if (FD_ISSET(j, &master) && j != listener && j != i) {
          if (send(j, buf, nbytes, MSG_NOSIGNAL) < 0) perror("send");
        }
      }
    }
  }
  close(listener);
  printf("all have left\n");
}
