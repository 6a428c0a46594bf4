// Lecture, section 10: recv(). The sender; each piece goes off when the receiver says "go".
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

// Waits for "go", then sends.
static void send_on_go(int sock, const char *data, int data_len) {
  char go[2];
  check(recv(sock, go, sizeof(go), MSG_WAITALL), "recv failed");
  check(send(sock, data, data_len, 0), "send failed");
  printf("sent %d bytes\n", data_len);
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

  // The first one is late.
  char go[2];
  check(recv(sock, go, sizeof(go), MSG_WAITALL), "recv failed");
  usleep(100 * 1000);
  check(send(sock, "hello, world", 12, 0), "send failed");
  printf("sent 12 bytes, 100 ms late\n");

  send_on_go(sock, "hello, ", 7);
  send_on_go(sock, "world", 5);
  send_on_go(sock, "hello, world", 12);
  send_on_go(sock, "hello, world", 12);
  check(recv(sock, go, sizeof(go), MSG_WAITALL), "recv failed");
  check(close(sock), "close failed");
  printf("closed\n");
}
