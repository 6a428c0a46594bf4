// Lecture, section 14: select(). Sends its name each time that the server says "go".
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

  if (argc < 3) {
    fprintf(stderr, "which port does the server listen on, and who is this?\n");
    exit(2);
  }
  char *name = argv[2];
  int sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = inet_addr("127.0.0.1");
  sin.sin_port = htons(atoi(argv[1]));
  check(connect(sock, (struct sockaddr *) &sin, sizeof(sin)), "connection failed");

  char go[2];
  while (check(recv(sock, go, sizeof(go), MSG_WAITALL), "recv failed") > 0) {
    check(send(sock, name, strlen(name), 0), "send failed");
    printf("sent: %s\n", name);
  }
  printf("the server has closed\n");
  check(close(sock), "close failed");
}
