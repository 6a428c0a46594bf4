// Lecture, section 18: the game. A player who follows a script: when such a text comes, do that.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_BODY 64
#define MAX_TEXT 255
#define JOIN 1
#define ATTACK 2

// Before each message: the length of its body, in network byte order, and its type.
struct __attribute__((packed)) msg_hdr {
  unsigned short length;
  unsigned char type;
};

static int check(int result, const char *what) {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

// A whole message in one piece of memory; gives its length.
static int message(char *out, int type, const char *body) {
  struct msg_hdr hdr;
  int length = MIN((int) strlen(body), MAX_BODY);
  hdr.length = htons(length);
  hdr.type = type;
  memcpy(out, &hdr, sizeof(hdr));
  memcpy(out + sizeof(hdr), body, length);
  return sizeof(hdr) + length;
}

int main(int argc, char *argv[]) {
  setvbuf(stdout, NULL, _IOLBF, 0);

  if (argc < 4) {
    fprintf(stderr, "which port, who, join whole or half, and a script: text action text action ...\n");
    exit(2);
  }
  const char *name = argv[2];
  int sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  struct sockaddr_in sin;
  memset(&sin, 0, sizeof(sin));
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = inet_addr("127.0.0.1");
  sin.sin_port = htons(atoi(argv[1]));
  check(connect(sock, (struct sockaddr *) &sin, sizeof(sin)), "connection failed");

  // A message may come in pieces: half of the joining now, the rest when the script says so.
  char out[512];
  int out_len = message(out, JOIN, name);
  int sent_bytes = strcmp(argv[3], "half") == 0 ? 2 : out_len;
  check(send(sock, out, sent_bytes, 0), "send failed");
  printf("sent %d of %d bytes to join\n", sent_bytes, out_len);

  struct msg_hdr hdr;
  while (check(recv(sock, &hdr, sizeof(hdr), MSG_WAITALL), "recv failed") > 0) {
    char text[MAX_TEXT + 1];
    memset(text, 0, sizeof(text));
    int length = ntohs(hdr.length);
    if (length > MAX_TEXT) {
      fprintf(stderr, "a text of %d bytes is too long\n", length);
      abort();
    }
    check(recv(sock, text, length, MSG_WAITALL), "recv failed");
    printf("%s\n", text);

    for (int i = 4; i + 1 < argc; i += 2) {
      if (strncmp(text, argv[i], strlen(argv[i])) != 0) {
        continue;
      }
      if (strcmp(argv[i + 1], "join") == 0) {
        check(send(sock, out + sent_bytes, out_len - sent_bytes, 0), "send failed");
        printf("sent the rest\n");
      } else if (strcmp(argv[i + 1], "leave") == 0) {
        check(close(sock), "close failed");
        exit(0);
      } else if (strcmp(argv[i + 1], "die") == 0) {
        printf("dies without a word\n");
        abort();
      } else {
        out_len = message(out, ATTACK, argv[i + 1]);
        check(send(sock, out, out_len, 0), "send failed");
      }
    }
  }
  printf("the server has closed\n");
  check(close(sock), "close failed");
}
