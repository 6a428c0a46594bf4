// Program: broker, brings two together who know the same word: each is handed one end of a socket pair.
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_WAITING 16
#define MAX_WORD 64

struct waiting {
  int sock;
  char word[MAX_WORD];
};

static struct waiting waiting[MAX_WAITING];
static int waiting_count = 0;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int get_listener(const char *path) {
  struct sockaddr_un addr;
  memset(&addr, 0, sizeof(addr));
  addr.sun_family = AF_UNIX;
  if (strlen(path) >= sizeof(addr.sun_path)) {
    fprintf(stderr, "the path is too long\n");
    exit(2);
  }
  strcpy(addr.sun_path, path);
  int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (listener < 0) die("socket");
  if (bind(listener, (struct sockaddr *)&addr, SUN_LEN(&addr)) < 0) die("bind");
  if (listen(listener, 5) < 0) die("listen");
  return listener;
}

// The descriptor goes along with a byte that says who began.
static void send_descriptor(int sock, int fd, char role) {
  char data[1] = {role};
  struct iovec iov = {.iov_base = data, .iov_len = sizeof(data)};
  _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
  memset(control, 0, sizeof(control));
  struct msghdr msg;
  memset(&msg, 0, sizeof(msg));
  msg.msg_iov = &iov;
  msg.msg_iovlen = 1;
  msg.msg_control = control;
  msg.msg_controllen = sizeof(control);
  struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
  cmsg->cmsg_level = SOL_SOCKET;
  cmsg->cmsg_type = SCM_RIGHTS;
  cmsg->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
  if (sendmsg(sock, &msg, MSG_NOSIGNAL) < 0) perror("sendmsg");
}

// Gives 1 if the word has brought two together.
static int serve(int sock, const char *word) {
  struct ucred cred;
  socklen_t credlen = sizeof(cred);
  if (getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &cred, &credlen) < 0) die("SO_PEERCRED");
  printf("process %d of user %d says \"%s\"\n", cred.pid, cred.uid, word);

  for (int i = 0; i < waiting_count; i++) {
    if (strcmp(waiting[i].word, word) != 0) continue;
    int sv[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv) < 0) die("socketpair");
    send_descriptor(waiting[i].sock, sv[0], '1');
    send_descriptor(sock, sv[1], '2');
    close(sv[0]); // they have copies
    close(sv[1]);
    close(waiting[i].sock);
    close(sock);
    waiting[i] = waiting[--waiting_count];
    printf("that makes two\n");
    return 1;
  }

  if (waiting_count == MAX_WAITING) {
    fprintf(stderr, "too many wait\n");
    close(sock);
    return 0;
  }
  waiting[waiting_count].sock = sock;
  strcpy(waiting[waiting_count].word, word);
  waiting_count++;
  printf("that makes one, who waits\n");
  return 0;
}

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc < 2 || argc > 3) {
    fprintf(stderr, "usage: broker path [pairs]\n");
    exit(2);
  }
  int pairs = argc > 2 ? atoi(argv[2]) : 0; // it ends after so many; 0: never
  int listener = get_listener(argv[1]);
  printf("listening on %s\n", argv[1]);

  int made = 0;
  while (pairs == 0 || made < pairs) {
    int sock = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (sock < 0) die("accept4");
    struct pollfd pfd = {.fd = sock, .events = POLLIN};
    if (poll(&pfd, 1, 1000) != 1) { // nobody is to keep the others waiting
      close(sock);
      continue;
    }
    char word[MAX_WORD];
    int received = recv(sock, word, sizeof(word) - 1, 0);
    if (received <= 0) {
      close(sock);
      continue;
    }
    word[received] = 0;
    made += serve(sock, word);
  }
  close(listener);
  unlink(argv[1]);
}
