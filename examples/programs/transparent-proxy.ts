// Program: transparent-proxy, takes connections meant for other addresses, says which, and passes on what they say to a
// server, which sees the client's own address as the sender. Linux, with the right to it:
//   ip rule add to 198.51.100.0/24 lookup 100 && ip route add local 198.51.100.0/24 dev lo table 100
import {
  AF_INET,
  accept,
  array,
  bind,
  char,
  close,
  connect,
  exit,
  flags,
  fprintf,
  getsockname,
  htonl,
  htons,
  INADDR_ANY,
  INET_ADDRSTRLEN,
  IP_TRANSPARENT,
  IPPROTO_IP,
  inet_ntop,
  inet_pton,
  int,
  listen,
  MSG_NOSIGNAL,
  memset,
  NULL,
  ntohs,
  POLLIN,
  perror,
  poll,
  pollfd,
  printf,
  recv,
  SHUT_WR,
  SO_REUSEADDR,
  SOCK_CLOEXEC,
  SOCK_STREAM,
  SOL_SOCKET,
  send,
  setsockopt,
  shutdown,
  sizeof,
  sockaddr_in,
  socket,
  socklen_t,
  stderr,
} from 'bsd-sockets/c';

function die(what: string): never {
  perror(what);
  exit(1);
}

function get_socket(): number {
  const sock = socket(AF_INET, flags(SOCK_STREAM, SOCK_CLOEXEC), 0);
  if (sock < 0) die('socket');
  const on = new int(1);
  if (setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, on, sizeof(on)) < 0) die('SO_REUSEADDR');
  if (setsockopt(sock, IPPROTO_IP, IP_TRANSPARENT!, on, sizeof(on)) < 0) die('IP_TRANSPARENT');
  return sock;
}

function show(what: string, addr: sockaddr_in): void {
  const text = new (array(char, INET_ADDRSTRLEN))();
  if (inet_ntop(AF_INET, addr.sin_addr, text, sizeof(text)) === NULL) die('inet_ntop');
  printf('%s %s, port %d\n', what, text, ntohs(addr.sin_port));
}

// Connects to the server with the client's address as its own.
function connect_as(client: sockaddr_in, server: sockaddr_in): number {
  const sock = get_socket();
  const addr = new sockaddr_in(client);
  addr.sin_port = htons(0); // the port is the client's, and in use
  if (bind(sock, addr, sizeof(addr)) < 0) die('bind');
  if (connect(sock, server, sizeof(server)) < 0) {
    perror('connect');
    close(sock);
    return -1;
  }
  return sock;
}

// Passes on what there is. Gives the number of bytes; 0 at the end, which it passes on too.
function pass(from: number, to: number): number {
  const buf = new (array(char, 4096))();
  const n = recv(from, buf, sizeof(buf), 0);
  if (n < 0) perror('recv');
  if (n <= 0) {
    shutdown(to, SHUT_WR);
    return 0;
  }
  for (let done = 0; done < n; ) {
    const sent = send(to, buf.subarray(done), n - done, MSG_NOSIGNAL);
    if (sent < 0) {
      perror('send');
      return 0;
    }
    done += sent;
  }
  return n;
}

function relay(client: number, server: number): void {
  const pfds = new (array(pollfd, 2))();
  pfds[0].fd = client;
  pfds[0].events = POLLIN;
  pfds[1].fd = server;
  pfds[1].events = POLLIN;
  let up = 0;
  let down = 0;
  while (pfds[0].fd >= 0 || pfds[1].fd >= 0) {
    // poll() passes over negative ones
    if (poll(pfds, 2, -1) < 0) die('poll');
    if (pfds[0].revents !== 0) {
      const n = pass(client, server);
      if (n === 0) pfds[0].fd = -1;
      up += n;
    }
    if (pfds[1].revents !== 0) {
      const n = pass(server, client);
      if (n === 0) pfds[1].fd = -1;
      down += n;
    }
  }
  printf('%d bytes there, %d bytes back\n', up, down);
}

const argv = process.argv.slice(1);
if (argv.length < 4 || argv.length > 5) {
  fprintf(stderr, 'usage: transparent-proxy port server-address server-port [count]\n');
  exit(2);
}
const count = argv.length > 4 ? Number(argv[4]) : 0; // it ends after so many; 0: never
const server = new sockaddr_in();
memset(server, 0, sizeof(server));
server.sin_family = AF_INET;
server.sin_port = htons(Number(argv[3]));
if (inet_pton(AF_INET, argv[2]!, server.sin_addr) !== 1) {
  fprintf(stderr, '%s is no IPv4 address\n', argv[2]!);
  exit(2);
}

const listener = get_socket();
const addr = new sockaddr_in();
memset(addr, 0, sizeof(addr));
addr.sin_family = AF_INET;
addr.sin_addr.s_addr = htonl(INADDR_ANY);
addr.sin_port = htons(Number(argv[1]));
if (bind(listener, addr, sizeof(addr)) < 0) die('bind');
if (listen(listener, 10) < 0) die('listen');
const addrlen = new socklen_t(sizeof(addr));
if (getsockname(listener, addr, addrlen) < 0) die('getsockname');
show('listening on', addr);

for (let served = 0; count === 0 || served < count; served++) {
  const client = new sockaddr_in();
  const wanted = new sockaddr_in();
  addrlen.value = sizeof(client);
  const sock = accept(listener, client, addrlen);
  if (sock < 0) die('accept');
  // An accepted socket's own address is the one that the client connected to.
  addrlen.value = sizeof(wanted);
  if (getsockname(sock, wanted, addrlen) < 0) die('getsockname');
  show('client', client);
  show('wanted', wanted);
  const upstream = connect_as(client, server);
  if (upstream >= 0) {
    relay(sock, upstream);
    close(upstream);
  }
  close(sock);
}
close(listener);
