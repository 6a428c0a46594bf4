// Lecture, section 13: polling with non-blocking sockets. Told to go, sends 300 ms later; twice.
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

  char go[2];
  for (int i = 1; i <= 2; i++) {
    check(recv(sock, go, sizeof(go), MSG_WAITALL), "recv failed");
    usleep(300 * 1000);
    check(send(sock, "Hi!", 3, 0), "send failed");
    printf("sent 3 bytes after 300 ms\n");
  }
  check(close(sock), "close failed");
}
