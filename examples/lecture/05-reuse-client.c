// Lecture, section 5: reusing the same port. Connects, and closes once the server has.
#include <arpa/inet.h>
#include <netinet/in.h>
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

  if (argc < 2) {
    fprintf(stderr, "which port does the server listen on?\n");
    exit(2);
  }
  int sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = inet_addr("127.0.0.1");
  sin.sin_port = htons(atoi(argv[1]));
  check(connect(sock, (struct sockaddr *) &sin, sizeof(sin)), "connection failed");
  printf("connected\n");

  char buffer[16];
  int read_bytes = check(recv(sock, buffer, sizeof(buffer), 0), "recv failed");
  printf("the server has closed: recv() gives %d\n", read_bytes);
  check(close(sock), "close failed");
}
