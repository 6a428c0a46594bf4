// Program: echo-server, gives back what it gets, one client at a time; whichever address family getaddrinfo() finds.
import {
  AF_UNSPEC,
  AI_PASSIVE,
  accept,
  addrinfo,
  array,
  bind,
  type ConstPointer,
  char,
  close,
  exit,
  fprintf,
  freeaddrinfo,
  gai_strerror,
  getaddrinfo,
  getnameinfo,
  getsockname,
  int,
  listen,
  MSG_NOSIGNAL,
  memset,
  NI_MAXHOST,
  NI_MAXSERV,
  NI_NUMERICHOST,
  NI_NUMERICSERV,
  NULL,
  perror,
  pointer,
  printf,
  recv,
  SO_REUSEADDR,
  SOCK_STREAM,
  SOL_SOCKET,
  SOMAXCONN,
  send,
  setsockopt,
  sizeof,
  sockaddr_storage,
  socket,
  socklen_t,
  stderr,
  strcmp,
} from 'bsd-sockets/c';

function die(what: string): never {
  perror(what);
  exit(1);
}

// An address in text, such as "127.0.0.1, port 7".
function name(addr: ConstPointer, addrlen: number, what: string): void {
  const host = new (array(char, NI_MAXHOST))();
  const serv = new (array(char, NI_MAXSERV))();
  const error = getnameinfo(addr, addrlen, host, sizeof(host), serv, sizeof(serv), NI_NUMERICHOST | NI_NUMERICSERV);
  if (error !== 0) {
    fprintf(stderr, 'getnameinfo: %s\n', gai_strerror(error));
    exit(1);
  }
  printf('%s %s, port %s\n', what, host, serv);
}

function get_listener(node: string | null, service: string): number {
  const hints = new addrinfo();
  const res = new pointer<addrinfo>();
  let rp: addrinfo | null;
  memset(hints, 0, sizeof(hints));
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  const error = getaddrinfo(node, service, hints, res);
  if (error !== 0) {
    fprintf(stderr, 'getaddrinfo: %s\n', gai_strerror(error));
    exit(1);
  }
  let sock = -1;
  for (rp = res.value; rp !== NULL; rp = rp.ai_next) {
    sock = socket(rp.ai_family, rp.ai_socktype, rp.ai_protocol);
    if (sock < 0) continue;
    const on = new int(1);
    if (setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, on, sizeof(on)) < 0) die('SO_REUSEADDR');
    if (bind(sock, rp.ai_addr, rp.ai_addrlen) === 0) break;
    perror('bind');
    close(sock);
  }
  freeaddrinfo(res.value);
  if (rp === NULL) {
    fprintf(stderr, 'there is no address to bind to\n');
    exit(1);
  }
  if (listen(sock, SOMAXCONN) < 0) die('listen');
  return sock;
}

const argv = process.argv.slice(1);
if (argv.length < 3 || argv.length > 4) {
  fprintf(stderr, 'usage: echo-server node|- service [count]\n');
  exit(2);
}
const node = strcmp(argv[1]!, '-') === 0 ? NULL : argv[1]!; // every address of this machine
const count = argv.length > 3 ? Number(argv[3]) : 0; // it ends after so many clients; 0: never

const listener = get_listener(node, argv[2]!);
const addr = new sockaddr_storage();
const addrlen = new socklen_t(sizeof(addr));
if (getsockname(listener, addr, addrlen) < 0) die('getsockname');
name(addr, addrlen.value, 'listening on');

const buf = new (array(char, 4096))();
for (let served = 0; count === 0 || served < count; served++) {
  addrlen.value = sizeof(addr);
  const sock = accept(listener, addr, addrlen);
  if (sock < 0) die('accept');
  name(addr, addrlen.value, 'client');
  let total = 0;
  let n: number;
  while ((n = recv(sock, buf, sizeof(buf), 0)) > 0) {
    for (let done = 0; done < n; ) {
      const sent = send(sock, buf.subarray(done), n - done, MSG_NOSIGNAL);
      if (sent < 0) die('send');
      done += sent;
    }
    total += n;
  }
  if (n < 0) perror('recv');
  printf('%d bytes given back\n', total);
  close(sock);
}
close(listener);
