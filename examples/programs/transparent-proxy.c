// Program: transparent-proxy, takes connections meant for other addresses, says which, and passes on what they say to a
// server, which sees the client's own address as the sender. Linux, with the right to it:
//   ip rule add to 198.51.100.0/24 lookup 100 && ip route add local 198.51.100.0/24 dev lo table 100
#define _GNU_SOURCE
#include <arpa/inet.h>
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

static int get_socket(void) {
  int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (sock < 0) die("socket");
  int on = 1;
  if (setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0) die("SO_REUSEADDR");
  if (setsockopt(sock, IPPROTO_IP, IP_TRANSPARENT, &on, sizeof(on)) < 0) die("IP_TRANSPARENT");
  return sock;
}

static void show(const char *what, const struct sockaddr_in *addr) {
  char text[INET_ADDRSTRLEN];
  if (inet_ntop(AF_INET, &addr->sin_addr, text, sizeof(text)) == NULL) die("inet_ntop");
  printf("%s %s, port %d\n", what, text, ntohs(addr->sin_port));
}

// Connects to the server with the client's address as its own.
static int connect_as(const struct sockaddr_in *client, const struct sockaddr_in *server) {
  int sock = get_socket();
  struct sockaddr_in addr = *client;
  addr.sin_port = htons(0); // the port is the client's, and in use
  if (bind(sock, (struct sockaddr *)&addr, sizeof(addr)) < 0) die("bind");
  if (connect(sock, (struct sockaddr *)server, sizeof(*server)) < 0) {
    perror("connect");
    close(sock);
    return -1;
  }
  return sock;
}

// Passes on what there is. Gives the number of bytes; 0 at the end, which it passes on too.
static int pass(int from, int to) {
  char buf[4096];
  int n = recv(from, buf, sizeof(buf), 0);
  if (n < 0) perror("recv");
  if (n <= 0) {
    shutdown(to, SHUT_WR);
    return 0;
  }
  for (int done = 0; done < n;) {
    int sent = send(to, buf + done, n - done, MSG_NOSIGNAL);
    if (sent < 0) {
      perror("send");
      return 0;
    }
    done += sent;
  }
  return n;
}

static void relay(int client, int server) {
  struct pollfd pfds[2];
  pfds[0].fd = client;
  pfds[0].events = POLLIN;
  pfds[1].fd = server;
  pfds[1].events = POLLIN;
  int up = 0;
  int down = 0;
  while (pfds[0].fd >= 0 || pfds[1].fd >= 0) { // poll() passes over negative ones
    if (poll(pfds, 2, -1) < 0) die("poll");
    if (pfds[0].revents != 0) {
      int n = pass(client, server);
      if (n == 0) pfds[0].fd = -1;
      up += n;
    }
    if (pfds[1].revents != 0) {
      int n = pass(server, client);
      if (n == 0) pfds[1].fd = -1;
      down += n;
    }
  }
  printf("%d bytes there, %d bytes back\n", up, down);
}

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc < 4 || argc > 5) {
    fprintf(stderr, "usage: transparent-proxy port server-address server-port [count]\n");
    exit(2);
  }
  int count = argc > 4 ? atoi(argv[4]) : 0; // it ends after so many; 0: never
  struct sockaddr_in server;
  memset(&server, 0, sizeof(server));
  server.sin_family = AF_INET;
  server.sin_port = htons(atoi(argv[3]));
  if (inet_pton(AF_INET, argv[2], &server.sin_addr) != 1) {
    fprintf(stderr, "%s is no IPv4 address\n", argv[2]);
    exit(2);
  }

  int listener = get_socket();
  struct sockaddr_in addr;
  memset(&addr, 0, sizeof(addr));
  addr.sin_family = AF_INET;
  addr.sin_addr.s_addr = htonl(INADDR_ANY);
  addr.sin_port = htons(atoi(argv[1]));
  if (bind(listener, (struct sockaddr *)&addr, sizeof(addr)) < 0) die("bind");
  if (listen(listener, 10) < 0) die("listen");
  socklen_t addrlen = sizeof(addr);
  if (getsockname(listener, (struct sockaddr *)&addr, &addrlen) < 0) die("getsockname");
  show("listening on", &addr);

  for (int served = 0; count == 0 || served < count; served++) {
    struct sockaddr_in client, wanted;
    addrlen = sizeof(client);
    int sock = accept(listener, (struct sockaddr *)&client, &addrlen);
    if (sock < 0) die("accept");
    // An accepted socket's own address is the one that the client connected to.
    addrlen = sizeof(wanted);
    if (getsockname(sock, (struct sockaddr *)&wanted, &addrlen) < 0) die("getsockname");
    show("client", &client);
    show("wanted", &wanted);
    int upstream = connect_as(&client, &server);
    if (upstream >= 0) {
      relay(sock, upstream);
      close(upstream);
    }
    close(sock);
  }
  close(listener);
}
