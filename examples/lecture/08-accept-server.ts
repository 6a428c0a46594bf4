// Lecture, section 8: accept(). One passive socket, a descriptor for each client.
import {
  AF_INET,
  abort,
  accept,
  array,
  bind,
  char,
  close,
  ENOTCONN,
  errno,
  getsockname,
  htons,
  inet_addr,
  inet_ntoa,
  int,
  listen,
  memset,
  ntohs,
  offsetof,
  perror,
  printf,
  recv,
  SOCK_STREAM,
  send,
  sizeof,
  sockaddr_in,
  socket,
  socklen_t,
  unsigned_char,
} from 'bsd-sockets/c';

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

const listening_sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
const sin = new sockaddr_in();
memset(sin, 0, sizeof(sin));
sin.sin_family = AF_INET;
sin.sin_addr.s_addr = inet_addr('127.0.0.1');
sin.sin_port = htons(0);
check(bind(listening_sock, sin, sizeof(sin)), 'bind failed');
check(listen(listening_sock, 5), 'listen failed');
const sin_len = new socklen_t(sizeof(sin));
check(getsockname(listening_sock, sin, sin_len), 'getsockname failed');
printf('listening on port %d\n', ntohs(sin.sin_port));

const buffer = new (array(char, 4096))();
const socks = new (array(int, 2))();
for (let i = 0; i < 2; i++) {
  const client_sin = new sockaddr_in();
  const addr_len = new socklen_t(sizeof(client_sin));
  const client_sock = accept(listening_sock, client_sin, addr_len);
  if (client_sock < 0) {
    perror('accept failed');
    abort();
  }
  socks[i] = client_sock;
  printf('accept() on descriptor %d gave descriptor %d\n', listening_sock, client_sock);
  printf('client at %s, port %d\n', inet_ntoa(client_sin.sin_addr), ntohs(client_sin.sin_port));

  // In memory both are in network byte order.
  const port_bytes = array(unsigned_char, 2).at(client_sin, offsetof(sockaddr_in, 'sin_port'));
  const big_endian = (port_bytes[0] << 8) | port_bytes[1];
  printf('its port is in network byte order: %s\n', big_endian === ntohs(client_sin.sin_port) ? 'yes' : 'no');
  const addr_bytes = array(unsigned_char, 4).at(client_sin.sin_addr);
  printf('its address in memory: %d %d ', addr_bytes[0], addr_bytes[1]);
  printf('%d %d\n', addr_bytes[2], addr_bytes[3]);
}
const three = listening_sock !== socks[0] && listening_sock !== socks[1] && socks[0] !== socks[1];
printf('three descriptors: %s\n', three ? 'yes' : 'no');

// The passive socket is not for talking to a client; the others are, each to its own.
if (recv(listening_sock, buffer, sizeof(buffer), 0) < 0) {
  printf('recv() on the passive socket gave ENOTCONN: %s\n', errno === ENOTCONN ? 'yes' : 'no');
}
check(send(socks[0], 'you came first', 14, 0), 'send failed');
check(send(socks[1], 'you came second', 15, 0), 'send failed');
for (let i = 0; i < 2; i++) {
  const read_bytes = check(recv(socks[i]!, buffer, sizeof(buffer), 0), 'recv failed');
  printf('client %d has closed: recv() gives %d\n', i + 1, read_bytes);
  check(close(socks[i]!), 'close failed');
}
check(close(listening_sock), 'close failed');
