// Program: echo-client, tries every address of a host until one answers, and shows what comes back.
import {
  AF_UNSPEC,
  AI_NUMERICSERV,
  addrinfo,
  array,
  char,
  close,
  connect,
  errno,
  exit,
  fprintf,
  freeaddrinfo,
  gai_strerror,
  getaddrinfo,
  getnameinfo,
  MSG_NOSIGNAL,
  memset,
  NI_MAXHOST,
  NI_NUMERICHOST,
  NULL,
  perror,
  pointer,
  printf,
  recv,
  SHUT_WR,
  SOCK_STREAM,
  send,
  shutdown,
  sizeof,
  socket,
  stderr,
  strcmp,
  strerror,
  strlen,
} from 'bsd-sockets/c';

function die(what: string): never {
  perror(what);
  exit(1);
}

function get_connection(node: string | null, service: string): number {
  const hints = new addrinfo();
  const res = new pointer<addrinfo>();
  let rp: addrinfo | null;
  memset(hints, 0, sizeof(hints));
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  const error = getaddrinfo(node, service, hints, res);
  if (error !== 0) {
    fprintf(stderr, 'getaddrinfo: %s\n', gai_strerror(error));
    exit(1);
  }
  let sock = -1;
  for (rp = res.value; rp !== NULL; rp = rp.ai_next) {
    const host = new (array(char, NI_MAXHOST))();
    if (getnameinfo(rp.ai_addr, rp.ai_addrlen, host, sizeof(host), NULL, 0, NI_NUMERICHOST) !== 0) continue;
    sock = socket(rp.ai_family, rp.ai_socktype, rp.ai_protocol);
    if (sock < 0) {
      printf('%s: no socket: %s\n', host, strerror(errno));
      continue;
    }
    if (connect(sock, rp.ai_addr, rp.ai_addrlen) === 0) {
      printf('%s: connected\n', host);
      break;
    }
    printf('%s: %s\n', host, strerror(errno));
    close(sock);
  }
  freeaddrinfo(res.value);
  if (rp === NULL) {
    fprintf(stderr, 'no address answers\n');
    exit(1);
  }
  return sock;
}

const argv = process.argv.slice(1);
if (argv.length !== 4) {
  fprintf(stderr, 'usage: echo-client node|- port text\n');
  exit(2);
}
const node = strcmp(argv[1]!, '-') === 0 ? NULL : argv[1]!; // this machine
const sock = get_connection(node, argv[2]!);
if (send(sock, argv[3]!, strlen(argv[3]!), MSG_NOSIGNAL) < 0) die('send');
if (shutdown(sock, SHUT_WR) < 0) die('shutdown');
const buf = new (array(char, 4096))();
let n: number;
while ((n = recv(sock, buf, sizeof(buf), 0)) > 0) printf('%.*s', n, buf);
if (n < 0) die('recv');
printf('\n');
close(sock);
