// Lecture, section 16: SIGPIPE. Writes to a connection that its peer has closed, with the signal ignored or not.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
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

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc < 3) {
    fprintf(stderr, "which port does the server listen on, and is SIGPIPE on default or ignore?\n");
    exit(2);
  }
  if (strcmp(argv[2], "ignore") == 0) {
    signal(SIGPIPE, SIG_IGN);
    printf("SIGPIPE is ignored\n");
  } else {
    signal(SIGPIPE, SIG_DFL);
    printf("SIGPIPE has its default disposition\n");
  }
  int sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = inet_addr("127.0.0.1");
  sin.sin_port = htons(atoi(argv[1]));
  check(connect(sock, (struct sockaddr *) &sin, sizeof(sin)), "connection failed");

  // The peer closes.
  char buffer[16];
  int read_bytes = check(recv(sock, buffer, sizeof(buffer), 0), "recv failed");
  printf("the peer has closed: recv() gives %d\n", read_bytes);

  // The first write is taken, for the peer might still read; the peer's kernel answers that nobody does.
  int sent_bytes = check(write(sock, "hello, world", 12), "write failed");
  printf("the first write() took %d bytes\n", sent_bytes);
  struct pollfd fds;
  memset(&fds, 0, sizeof(fds));
  fds.fd = sock;
  check(poll(&fds, 1, 10000), "poll failed");
  printf("the answer is here: %s\n", fds.revents != 0 ? "yes" : "no");

  // The next one raises SIGPIPE.
  sent_bytes = write(sock, "hello, world", 12);
  if (sent_bytes < 0) {
    printf("alive: the next write() gave %d and EPIPE: %s\n", sent_bytes, errno == EPIPE ? "yes" : "no");
    perror("write failed");
  }
  check(close(sock), "close failed");
}
