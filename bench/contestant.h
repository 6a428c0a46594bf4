/* Benchmark: what every C contestant shares. contest() makes n rounds for each line "n" on standard input, and prints
   how many nanoseconds they took: the whole of it, or what `rounds` itself says (where preparing a round is not what is
   measured). A second thread idles: every Node process has some, and that alone costs a process's own system calls
   (references to a shared descriptor table, cancellation points). */
#pragma once
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void *idle(void *unused) {
  (void)unused;
  for (;;) pause();
}

static void have_idle_thread(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, idle, NULL) != 0) die("pthread_create failed");
}

static inline int contest(long long (*rounds)(long n)) {
  have_idle_thread();
  char line[32];
  setvbuf(stdout, NULL, _IOLBF, 0);
  while (fgets(line, sizeof(line), stdin) != NULL) {
    long long start = now();
    long long own = rounds(atol(line));
    printf("%lld\n", own > 0 ? own : now() - start);
  }
  return 0;
}
