/* Benchmark, group echo: the clients. Arguments: connections to each server, bytes of a message, then PORT:PID of each
   server. Prints "ready" when all are connected. For each line "SERVER REQUESTS" on standard input it makes so many
   requests (each connection has one under way, and sends the next when it was answered), and prints "NANOSECONDS
   SERVER'S-CPU-NANOSECONDS". A process for each server: a limit of descriptors is a process's. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include "../contestant.h"

enum { EVENTS = 1024, PATIENCE_MS = 10000 };

struct connection {
  int fd;
  unsigned tag;    /* of the request that is under way: what its first bytes say */
  size_t answered; /* how much of it has come back */
};

struct result {
  long long wall, cpu;
};

static struct connection *connections;
static int count, epfd;
static size_t size;
static char *message, *answer;

static void fail(const char *what) {
  fprintf(stderr, "load: %s\n", what);
  exit(1);
}

static long long cpu_of(clockid_t clock) {
  struct timespec t;
  if (clock_gettime(clock, &t) < 0) die("load: the server's CPU clock");
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void open_connections(int port) {
  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sin.sin_port = htons((unsigned short)port);
  connections = calloc((size_t)count, sizeof(*connections));
  epfd = epoll_create1(0);
  for (int i = 0; i < count; i++) {
    int fd = connections[i].fd = socket(AF_INET, SOCK_STREAM, 0);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
    if (fd < 0) die("load: socket");
    if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)) < 0) die("load: connect");
    if (epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event) < 0) die("load: epoll_ctl");
  }
}

static void request(struct connection *c) {
  static unsigned tags;
  c->tag = ++tags;
  c->answered = 0;
  memcpy(message, &c->tag, sizeof(c->tag));
  if (send(c->fd, message, size, MSG_NOSIGNAL) != (ssize_t)size) die("load: send");
}

/* Whether the answer is complete. There is room for one byte too many. */
static int answered(struct connection *c) {
  ssize_t length = recv(c->fd, answer, size - c->answered + 1, MSG_DONTWAIT);
  if (length < 0) die("load: recv");
  if (length == 0) fail("the server closed a connection");
  if (c->answered + (size_t)length > size) fail("an answer is too long");
  memcpy(message, &c->tag, sizeof(c->tag));
  if (memcmp(message + c->answered, answer, (size_t)length) != 0) fail("an answer differs from its request");
  c->answered += (size_t)length;
  return c->answered == size;
}

static void run(long requests) {
  static struct epoll_event events[EVENTS];
  static int next; /* where the last run ended: with few requests all connections have their turn */
  long left = requests, under_way = 0;
  for (; left > 0 && under_way < count; left--, under_way++) {
    request(&connections[next]);
    next = (next + 1) % count;
  }
  while (under_way > 0) {
    int ready = epoll_wait(epfd, events, EVENTS, PATIENCE_MS);
    if (ready < 0) die("load: epoll_wait");
    if (ready == 0) fail("no answer for 10 s");
    for (int i = 0; i < ready; i++) {
      if (!answered(events[i].data.ptr)) continue;
      if (left > 0) {
        left--;
        request(events[i].data.ptr);
      } else {
        under_way--;
      }
    }
  }
}

/* One server's clients, which are told by `orders` how many requests to make. */
static void serve(int orders, int port, pid_t pid) {
  clockid_t clock;
  long requests = 0;
  if (clock_getcpuclockid(pid, &clock) != 0) fail("there is no such server");
  open_connections(port);
  do {
    struct result result = {now(), cpu_of(clock)};
    run(requests);
    result.cpu = cpu_of(clock) - result.cpu;
    result.wall = now() - result.wall;
    if (write(orders, &result, sizeof(result)) != sizeof(result)) die("load: write");
  } while (read(orders, &requests, sizeof(requests)) == sizeof(requests));
}

static struct result result_of(int client) {
  struct result result;
  if (read(client, &result, sizeof(result)) != sizeof(result)) exit(1); /* the client has said why */
  return result;
}

int main(int argc, char *argv[]) {
  int servers = argc - 3, server;
  long requests;
  struct rlimit files;

  if (servers < 1) fail("usage: load CONNECTIONS SIZE PORT:PID...");
  count = atoi(argv[1]);
  size = (size_t)atol(argv[2]);
  if (count < 1 || size < sizeof(unsigned)) fail("at least one connection, and 4 bytes for the tag");
  message = malloc(size);
  answer = malloc(size + 1);
  memset(message, 'x', size);
  setvbuf(stdout, NULL, _IOLBF, 0);
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);

  int clients[servers];
  for (int i = 0; i < servers; i++) {
    int sv[2], port, pid;
    if (sscanf(argv[i + 3], "%d:%d", &port, &pid) != 2) fail("a server is PORT:PID");
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, sv) < 0) die("load: socketpair");
    if (fork() == 0) {
      close(sv[0]);
      serve(sv[1], port, pid);
      return 0;
    }
    close(sv[1]);
    clients[i] = sv[0];
    result_of(clients[i]); /* connected */
  }
  printf("ready\n");
  while (scanf("%d %ld", &server, &requests) == 2) {
    if (server < 0 || server >= servers) fail("there is no such server");
    if (write(clients[server], &requests, sizeof(requests)) != sizeof(requests)) die("load: write");
    struct result result = result_of(clients[server]);
    printf("%lld %lld\n", result.wall, result.cpu);
  }
  return 0;
}
