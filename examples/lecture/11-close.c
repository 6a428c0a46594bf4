// Lecture, section 11: close().
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MANY 16

static int check(int result, const char *what) {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  struct rlimit lim;
  check(getrlimit(RLIMIT_NOFILE, &lim), "getrlimit failed");
  printf("~ files and sockets that can be open: %llu\n", (unsigned long long) lim.rlim_cur);

  // Some sockets; then a limit at the number of descriptors that are open now.
  int socks[MANY];
  for (int i = 0; i < MANY; i++) {
    socks[i] = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  }
  printf("%d sockets are open\n", MANY);
  lim.rlim_cur = socks[MANY - 1] + 1;
  check(setrlimit(RLIMIT_NOFILE, &lim), "setrlimit failed");
  printf("~ lowered the limit to %d\n", socks[MANY - 1] + 1);

  // One more is one too many.
  int sock = socket(AF_INET, SOCK_STREAM, 0);
  if (sock < 0) {
    printf("one more gave EMFILE: %s\n", errno == EMFILE ? "yes" : "no");
    perror("socket() failed");
  }

  // Released, a descriptor can be had again.
  close(socks[MANY - 1]);
  printf("closed one\n");
  sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  printf("one more got the number of the closed one: %s\n", sock == socks[MANY - 1] ? "yes" : "no");
  for (int i = 0; i < MANY; i++) {
    check(close(socks[i]), "close failed");
  }
  printf("closed all\n");
}
