// Lecture, section 18: the game. A player who follows a script: when such a text comes, do that.
import {
  AF_INET,
  abort,
  array,
  type CharArray,
  char,
  close,
  connect,
  exit,
  fprintf,
  htons,
  inet_addr,
  MIN,
  MSG_WAITALL,
  memcpy,
  memset,
  ntohs,
  perror,
  printf,
  recv,
  SOCK_STREAM,
  send,
  sizeof,
  sockaddr_in,
  socket,
  stderr,
  strcmp,
  strlen,
  strncmp,
  struct,
  unsigned_char,
  unsigned_short,
} from 'bsd-sockets/c';

const MAX_BODY = 64;
const MAX_TEXT = 255;
const JOIN = 1;
const ATTACK = 2;

// Before each message: the length of its body, in network byte order, and its type.
const msg_hdr = struct(
  'msg_hdr',
  {
    length: unsigned_short,
    type: unsigned_char,
  },
  { packed: true },
);

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

// A whole message in one piece of memory; gives its length.
function message(out: CharArray, type: number, body: string): number {
  const hdr = new msg_hdr();
  const length = MIN(strlen(body), MAX_BODY);
  hdr.length = htons(length);
  hdr.type = type;
  memcpy(out, hdr, sizeof(hdr));
  memcpy(out.subarray(sizeof(hdr)), body, length);
  return sizeof(hdr) + length;
}

const argv = process.argv.slice(1);
if (argv.length < 4) {
  fprintf(stderr, 'which port, who, join whole or half, and a script: text action text action ...\n');
  exit(2);
}
const name = argv[2]!;
const sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
const sin = new sockaddr_in();
memset(sin, 0, sizeof(sin));
sin.sin_family = AF_INET;
sin.sin_addr.s_addr = inet_addr('127.0.0.1');
sin.sin_port = htons(Number(argv[1]));
check(connect(sock, sin, sizeof(sin)), 'connection failed');

// A message may come in pieces: half of the joining now, the rest when the script says so.
const out = new (array(char, 512))();
let out_len = message(out, JOIN, name);
const sent_bytes = strcmp(argv[3]!, 'half') === 0 ? 2 : out_len;
check(send(sock, out, sent_bytes, 0), 'send failed');
printf('sent %d of %d bytes to join\n', sent_bytes, out_len);

const hdr = new msg_hdr();
while (check(recv(sock, hdr, sizeof(hdr), MSG_WAITALL), 'recv failed') > 0) {
  const text = new (array(char, MAX_TEXT + 1))();
  memset(text, 0, sizeof(text));
  const length = ntohs(hdr.length);
  if (length > MAX_TEXT) {
    fprintf(stderr, 'a text of %d bytes is too long\n', length);
    abort();
  }
  check(recv(sock, text, length, MSG_WAITALL), 'recv failed');
  printf('%s\n', text);

  for (let i = 4; i + 1 < argv.length; i += 2) {
    if (strncmp(text, argv[i]!, strlen(argv[i]!)) !== 0) {
      continue;
    }
    if (strcmp(argv[i + 1]!, 'join') === 0) {
      check(send(sock, out.subarray(sent_bytes), out_len - sent_bytes, 0), 'send failed');
      printf('sent the rest\n');
    } else if (strcmp(argv[i + 1]!, 'leave') === 0) {
      check(close(sock), 'close failed');
      exit(0);
    } else if (strcmp(argv[i + 1]!, 'die') === 0) {
      printf('dies without a word\n');
      abort();
    } else {
      out_len = message(out, ATTACK, argv[i + 1]!);
      check(send(sock, out, out_len, 0), 'send failed');
    }
  }
}
printf('the server has closed\n');
check(close(sock), 'close failed');
