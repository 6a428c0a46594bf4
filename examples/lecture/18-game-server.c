// Lecture, section 18: the game. One thread, one select(), many players; messages framed by their length.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_PLAYERS 8
#define MAX_BODY 64
#define JOIN 1
#define ATTACK 2
#define TEXT 3

// Before each message: the length of its body, in network byte order, and its type.
struct __attribute__((packed)) msg_hdr {
  unsigned short length;
  unsigned char type;
};

// What has come from a player, and what is to go there, may end in the middle of a message.
struct player {
  int sock;
  int health;
  int in_len;
  int out_len;
  char name[MAX_BODY + 1];
  char in[256];
  char out[4096];
};

static struct player players[MAX_PLAYERS];

static void say(const char *text);

static int check(int result, const char *what) {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

static void leave(struct player *p) {
  char text[256];
  snprintf(text, sizeof(text), "%s has left", p->name);
  close(p->sock);
  p->sock = -1;
  say(text);
}

// Puts a text into the buffer of every player, and on the screen.
static void say(const char *text) {
  printf("%s\n", text);
  struct msg_hdr hdr;
  int length = strlen(text);
  hdr.length = htons(length);
  hdr.type = TEXT;
  for (int i = 0; i < MAX_PLAYERS; i++) {
    struct player *p = &players[i];
    if (p->sock < 0) {
      continue;
    }
    // One who does not read his messages cannot stay.
    if (p->out_len + (int) sizeof(hdr) + length > (int) sizeof(p->out)) {
      leave(p);
      continue;
    }
    memcpy(p->out + p->out_len, &hdr, sizeof(hdr));
    memcpy(p->out + p->out_len + sizeof(hdr), text, length);
    p->out_len += sizeof(hdr) + length;
  }
}

static void attack(struct player *p, const char *name) {
  for (int i = 0; i < MAX_PLAYERS; i++) {
    struct player *other = &players[i];
    if (other->sock >= 0 && strcmp(other->name, name) == 0) {
      other->health = MAX(other->health - 4, 0);
      char text[256];
      snprintf(text, sizeof(text), "%s hits %s: %d of 10 left", p->name, other->name, other->health);
      say(text);
    }
  }
}

// Reads what there is, and handles each message that is complete.
static void read_from(struct player *p) {
  int read_bytes = recv(p->sock, p->in + p->in_len, sizeof(p->in) - p->in_len, 0);
  if (read_bytes < 0 && errno == EWOULDBLOCK) {
    return;
  }
  if (read_bytes <= 0) {
    leave(p);
    return;
  }
  p->in_len += read_bytes;
  struct msg_hdr hdr;
  while (p->sock >= 0 && p->in_len >= (int) sizeof(hdr)) {
    memcpy(&hdr, p->in, sizeof(hdr));
    int length = ntohs(hdr.length);
    if (length > MAX_BODY) {
      leave(p);
      return;
    }
    if (p->in_len < (int) sizeof(hdr) + length) {
      break;
    }
    char body[MAX_BODY + 1];
    memset(body, 0, sizeof(body));
    memcpy(body, p->in + sizeof(hdr), length);
    p->in_len -= sizeof(hdr) + length;
    memmove(p->in, p->in + sizeof(hdr) + length, p->in_len);
    if (hdr.type == JOIN) {
      memcpy(p->name, body, sizeof(body));
      char text[256];
      snprintf(text, sizeof(text), "%s has joined", p->name);
      say(text);
    } else if (hdr.type == ATTACK) {
      attack(p, body);
    }
  }
  if (p->in_len > 0) {
    printf("%d bytes of a message are here: the game goes on\n", p->in_len);
  }
}

// Writes what the socket takes; the rest stays for the next time.
static void write_to(struct player *p) {
  int sent_bytes = send(p->sock, p->out, p->out_len, 0);
  if (sent_bytes < 0 && errno == EWOULDBLOCK) {
    return;
  }
  if (sent_bytes < 0) {
    leave(p);
    return;
  }
  p->out_len -= sent_bytes;
  memmove(p->out, p->out + sent_bytes, p->out_len);
}

static void welcome(int listening_sock) {
  int sock = accept(listening_sock, NULL, NULL);
  if (sock < 0) {
    return;
  }
  check(fcntl(sock, F_SETFL, O_NONBLOCK), "fcntl failed");
  for (int i = 0; i < MAX_PLAYERS; i++) {
    struct player *p = &players[i];
    if (p->sock < 0) {
      memset(p, 0, sizeof(*p));
      p->sock = sock;
      p->health = 10;
      return;
    }
  }
  close(sock);
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  // Writing to a player who has gone must not kill the game.
  signal(SIGPIPE, SIG_IGN);
  for (int i = 0; i < MAX_PLAYERS; i++) {
    players[i].sock = -1;
  }
  int listening_sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = inet_addr("127.0.0.1");
  sin.sin_port = htons(0);
  check(bind(listening_sock, (struct sockaddr *) &sin, sizeof(sin)), "bind failed");
  check(listen(listening_sock, 5), "listen failed");
  socklen_t sin_len = sizeof(sin);
  check(getsockname(listening_sock, (struct sockaddr *) &sin, &sin_len), "getsockname failed");
  printf("listening on port %d\n", ntohs(sin.sin_port));
  check(fcntl(listening_sock, F_SETFL, O_NONBLOCK), "fcntl failed");

  int ever = 0;
  int count = 0;
  while (ever == 0 || count > 0) {
    fd_set read_set;
    fd_set write_set;
    FD_ZERO(&read_set);
    FD_ZERO(&write_set);
    FD_SET(listening_sock, &read_set);
    int highest = listening_sock;
    for (int i = 0; i < MAX_PLAYERS; i++) {
      struct player *p = &players[i];
      if (p->sock < 0) {
        continue;
      }
      FD_SET(p->sock, &read_set);
      if (p->out_len > 0) {
        FD_SET(p->sock, &write_set);
      }
      highest = MAX(highest, p->sock);
    }
    check(select(highest + 1, &read_set, &write_set, NULL, NULL), "select failed");

    for (int i = 0; i < MAX_PLAYERS; i++) {
      struct player *p = &players[i];
      if (p->sock >= 0 && FD_ISSET(p->sock, &read_set)) {
        read_from(p);
      }
      if (p->sock >= 0 && FD_ISSET(p->sock, &write_set)) {
        write_to(p);
      }
    }
    if (FD_ISSET(listening_sock, &read_set)) {
      welcome(listening_sock);
      ever = 1;
    }
    count = 0;
    for (int i = 0; i < MAX_PLAYERS; i++) {
      count += players[i].sock >= 0;
    }
  }
  printf("nobody is left: the end\n");
  check(close(listening_sock), "close failed");
}
