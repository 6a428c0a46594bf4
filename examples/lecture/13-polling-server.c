// Lecture, section 13: polling with non-blocking sockets. Waits for the same message twice: by polling, by select().
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
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

// The processor time that this process has used.
static double cpu_milliseconds(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
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
  int sock = check(accept(listening_sock, NULL, NULL), "accept failed");

  int opt = fcntl(sock, F_GETFL);
  if (opt < 0) {
    perror("fcntl failed");
    abort();
  }
  if (fcntl(sock, F_SETFL, opt | O_NONBLOCK) < 0) {
    perror("fcntl failed");
    abort();
  }

  // Polling: the sender is told to go, and sends 300 ms later.
  char buffer[4096];
  int calls = 0;
  check(send(sock, "go", 2, 0), "send failed");
  double start = cpu_milliseconds();
  while (1) {
    int read_bytes = recv(sock, buffer, sizeof(buffer), 0);
    calls++;
    if (read_bytes < 0) {
      if (errno == EWOULDBLOCK) {
        // OK. Simply no data
      } else {
        perror("recv failed");
        abort();
      }
    } else {
      printf("polling received: %.*s\n", read_bytes, buffer);
      break;
    }
  }
  double polling = cpu_milliseconds() - start;
  printf("~ polling called recv() %d times and used %.1f ms of CPU\n", calls, polling);
  printf("polling called recv() more than 100 times: %s\n", calls > 100 ? "yes" : "no");

  // select(): the same again.
  calls = 0;
  check(send(sock, "go", 2, 0), "send failed");
  start = cpu_milliseconds();
  fd_set read_set;
  FD_ZERO(&read_set);
  FD_SET(sock, &read_set);
  check(select(sock + 1, &read_set, NULL, NULL, NULL), "select failed");
  int read_bytes = check(recv(sock, buffer, sizeof(buffer), 0), "recv failed");
  calls++;
  double selecting = cpu_milliseconds() - start;
  printf("select received: %.*s\n", read_bytes, buffer);
  printf("~ select called recv() once and used %.1f ms of CPU\n", selecting);
  printf("select called recv(): %d\n", calls);
  printf("polling used more CPU than select: %s\n", polling > selecting ? "yes" : "no");
  check(close(sock), "close failed");
  check(close(listening_sock), "close failed");
}
