// Lecture, section 15: host names. Asks for the addresses of localhost, and connects to the first.
#include <arpa/inet.h>
#include <netdb.h>
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
  int server_port = atoi(argv[1]);

  struct sockaddr_in sin;
  struct hostent *host;
  memset(&sin, 0, sizeof(sin));
  host = gethostbyname("localhost");
  if (host == NULL) {
    herror("gethostbyname failed");
    abort();
  }
  printf("its family is AF_INET: %s\n", host->h_addrtype == AF_INET ? "yes" : "no");
  printf("an address has %d bytes\n", host->h_length);

  // A name may have several addresses: a list, with NULL at its end.
  int count = 0;
  while (host->h_addr_list[count] != NULL) {
    sin.sin_addr.s_addr = *(unsigned *) host->h_addr_list[count];
    count++;
    printf("address %d: %s\n", count, inet_ntoa(sin.sin_addr));
  }

  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = *(unsigned *) host->h_addr_list[0];
  sin.sin_port = htons(server_port);
  int sock = check(socket(AF_INET, SOCK_STREAM, 0), "socket() failed");
  check(connect(sock, (struct sockaddr *) &sin, sizeof(sin)), "connection failed");
  printf("connected to localhost\n");
  check(close(sock), "close failed");

  // Names have variable lengths; an address in text is a name as well.
  printf("\"localhost\" has %d characters\n", (int) strlen("localhost"));
  host = gethostbyname("127.1");
  if (host == NULL) {
    herror("gethostbyname failed");
    abort();
  }
  printf("\"%s\" has %d characters\n", host->h_name, (int) strlen(host->h_name));

  // A name that cannot be: no host, and h_errno says why.
  host = gethostbyname("no such host");
  printf("\"no such host\" gave NULL: %s\n", host == NULL ? "yes" : "no");
  printf("h_errno is HOST_NOT_FOUND: %s\n", h_errno == HOST_NOT_FOUND ? "yes" : "no");
}
