// Lecture, section 18: the game. One thread, one select(), many players; messages framed by their length.
import {
  AF_INET,
  abort,
  accept,
  array,
  bind,
  type CharArray,
  char,
  close,
  EWOULDBLOCK,
  errno,
  F_SETFL,
  FD_ISSET,
  FD_SET,
  FD_ZERO,
  fcntl,
  fd_set,
  getsockname,
  htons,
  inet_addr,
  int,
  listen,
  MAX,
  memcpy,
  memmove,
  memset,
  NULL,
  ntohs,
  O_NONBLOCK,
  perror,
  printf,
  recv,
  SIG_IGN,
  SIGPIPE,
  SOCK_STREAM,
  select,
  send,
  signal,
  sizeof,
  sockaddr_in,
  socket,
  socklen_t,
  strcmp,
  strlen,
  struct,
  unsigned_char,
  unsigned_short,
} from 'bsd-sockets/c';

const MAX_PLAYERS = 8;
const MAX_BODY = 64;
const JOIN = 1;
const ATTACK = 2;
const TEXT = 3;

// Before each message: the length of its body, in network byte order, and its type.
const msg_hdr = struct(
  'msg_hdr',
  {
    length: unsigned_short,
    type: unsigned_char,
  },
  { packed: true },
);

// What has come from a player, and what is to go there, may end in the middle of a message.
const player = struct('player', {
  sock: int,
  health: int,
  in_len: int,
  out_len: int,
  name: array(char, MAX_BODY + 1),
  in: array(char, 256),
  out: array(char, 4096),
});

type player = InstanceType<typeof player>;

const players = new (array(player, MAX_PLAYERS))();

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

function leave(p: player): void {
  const text = `${p.name} has left`;
  close(p.sock);
  p.sock = -1;
  say(text);
}

// Puts a text into the buffer of every player, and on the screen.
function say(text: string): void {
  printf('%s\n', text);
  const hdr = new msg_hdr();
  const length = strlen(text);
  hdr.length = htons(length);
  hdr.type = TEXT;
  for (let i = 0; i < MAX_PLAYERS; i++) {
    const p = players[i]!;
    if (p.sock < 0) {
      continue;
    }
    // One who does not read his messages cannot stay.
    if (p.out_len + sizeof(hdr) + length > sizeof(p.out)) {
      leave(p);
      continue;
    }
    memcpy(p.out.subarray(p.out_len), hdr, sizeof(hdr));
    memcpy(p.out.subarray(p.out_len + sizeof(hdr)), text, length);
    p.out_len += sizeof(hdr) + length;
  }
}

function attack(p: player, name: CharArray): void {
  for (let i = 0; i < MAX_PLAYERS; i++) {
    const other = players[i]!;
    if (other.sock >= 0 && strcmp(other.name, name) === 0) {
      other.health = MAX(other.health - 4, 0);
      const text = `${p.name} hits ${other.name}: ${other.health} of 10 left`;
      say(text);
    }
  }
}

// Reads what there is, and handles each message that is complete.
function read_from(p: player): void {
  const read_bytes = recv(p.sock, p.in.subarray(p.in_len), sizeof(p.in) - p.in_len, 0);
  if (read_bytes < 0 && errno === EWOULDBLOCK) {
    return;
  }
  if (read_bytes <= 0) {
    leave(p);
    return;
  }
  p.in_len += read_bytes;
  const hdr = new msg_hdr();
  while (p.sock >= 0 && p.in_len >= sizeof(hdr)) {
    memcpy(hdr, p.in, sizeof(hdr));
    const length = ntohs(hdr.length);
    if (length > MAX_BODY) {
      leave(p);
      return;
    }
    if (p.in_len < sizeof(hdr) + length) {
      break;
    }
    const body = new (array(char, MAX_BODY + 1))();
    memset(body, 0, sizeof(body));
    memcpy(body, p.in.subarray(sizeof(hdr)), length);
    p.in_len -= sizeof(hdr) + length;
    memmove(p.in, p.in.subarray(sizeof(hdr) + length), p.in_len);
    if (hdr.type === JOIN) {
      memcpy(p.name, body, sizeof(body));
      const text = `${p.name} has joined`;
      say(text);
    } else if (hdr.type === ATTACK) {
      attack(p, body);
    }
  }
  if (p.in_len > 0) {
    printf('%d bytes of a message are here: the game goes on\n', p.in_len);
  }
}

// Writes what the socket takes; the rest stays for the next time.
function write_to(p: player): void {
  const sent_bytes = send(p.sock, p.out, p.out_len, 0);
  if (sent_bytes < 0 && errno === EWOULDBLOCK) {
    return;
  }
  if (sent_bytes < 0) {
    leave(p);
    return;
  }
  p.out_len -= sent_bytes;
  memmove(p.out, p.out.subarray(sent_bytes), p.out_len);
}

function welcome(listening_sock: number): void {
  const sock = accept(listening_sock, NULL, NULL);
  if (sock < 0) {
    return;
  }
  check(fcntl(sock, F_SETFL, O_NONBLOCK), 'fcntl failed');
  for (let i = 0; i < MAX_PLAYERS; i++) {
    const p = players[i]!;
    if (p.sock < 0) {
      memset(p, 0, sizeof(p));
      p.sock = sock;
      p.health = 10;
      return;
    }
  }
  close(sock);
}

// Writing to a player who has gone must not kill the game.
signal(SIGPIPE, SIG_IGN);
for (let i = 0; i < MAX_PLAYERS; i++) {
  players[i]!.sock = -1;
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
check(fcntl(listening_sock, F_SETFL, O_NONBLOCK), 'fcntl failed');

let ever = 0;
let count = 0;
while (ever === 0 || count > 0) {
  const read_set = new fd_set();
  const write_set = new fd_set();
  FD_ZERO(read_set);
  FD_ZERO(write_set);
  FD_SET(listening_sock, read_set);
  let highest = listening_sock;
  for (let i = 0; i < MAX_PLAYERS; i++) {
    const p = players[i]!;
    if (p.sock < 0) {
      continue;
    }
    FD_SET(p.sock, read_set);
    if (p.out_len > 0) {
      FD_SET(p.sock, write_set);
    }
    highest = MAX(highest, p.sock);
  }
  check(select(highest + 1, read_set, write_set, NULL, NULL), 'select failed');

  for (let i = 0; i < MAX_PLAYERS; i++) {
    const p = players[i]!;
    if (p.sock >= 0 && FD_ISSET(p.sock, read_set)) {
      read_from(p);
    }
    if (p.sock >= 0 && FD_ISSET(p.sock, write_set)) {
      write_to(p);
    }
  }
  if (FD_ISSET(listening_sock, read_set)) {
    welcome(listening_sock);
    ever = 1;
  }
  count = 0;
  for (let i = 0; i < MAX_PLAYERS; i++) {
    count += Number(players[i]!.sock >= 0);
  }
}
printf('nobody is left: the end\n');
check(close(listening_sock), 'close failed');
