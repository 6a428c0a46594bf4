/* Benchmark, group calls: send + recv of one byte over an AF_UNIX datagram pair, in C. For each line "n" on standard input it makes
   n rounds and prints their nanoseconds. A second thread idles: every Node process has some, and that alone costs a process's own
   system calls (references to a shared descriptor table, cancellation points). */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void *idle(void *unused) {
  (void)unused;
  for (;;) pause();
}

int main(void) {
  int sv[2];
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, sv) < 0) {
    perror("socketpair failed");
    return 1;
  }
  pthread_t thread;
  if (pthread_create(&thread, NULL, idle, NULL) != 0) return 1;
  char line[32];
  char out[1] = {'x'}, in[1];
  setvbuf(stdout, NULL, _IOLBF, 0);
  while (fgets(line, sizeof(line), stdin) != NULL) {
    long n = atol(line);
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (long i = 0; i < n; i++) {
      if (send(sv[0], out, 1, 0) != 1 || recv(sv[1], in, 1, 0) != 1) {
        perror("send or recv failed");
        return 1;
      }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%lld\n", (end.tv_sec - start.tv_sec) * 1000000000LL + (end.tv_nsec - start.tv_nsec));
  }
  return 0;
}
