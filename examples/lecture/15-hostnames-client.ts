// Lecture, section 15: host names. Asks for the addresses of localhost, and connects to the first.
import {
  AF_INET,
  abort,
  close,
  connect,
  exit,
  fprintf,
  gethostbyname,
  HOST_NOT_FOUND,
  h_errno,
  herror,
  type hostent,
  htons,
  inet_ntoa,
  memset,
  NULL,
  perror,
  printf,
  SOCK_STREAM,
  sizeof,
  sockaddr_in,
  socket,
  stderr,
  strlen,
  unsigned,
} from 'bsd-sockets/c';

function check(result: number, what: string): number {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

const argv = process.argv.slice(1);
if (argv.length < 2) {
  fprintf(stderr, 'which port does the server listen on?\n');
  exit(2);
}
const server_port = Number(argv[1]);

const sin = new sockaddr_in();
let host: hostent | null;
memset(sin, 0, sizeof(sin));
host = gethostbyname('localhost');
if (host === NULL) {
  herror('gethostbyname failed');
  abort();
}
printf('its family is AF_INET: %s\n', host.h_addrtype === AF_INET ? 'yes' : 'no');
printf('an address has %d bytes\n', host.h_length);

// A name may have several addresses: a list, with NULL at its end.
let count = 0;
while (count < host.h_addr_list.length) {
  sin.sin_addr.s_addr = unsigned.at(host.h_addr_list[count]!).value;
  count++;
  printf('address %d: %s\n', count, inet_ntoa(sin.sin_addr));
}

sin.sin_family = AF_INET;
sin.sin_addr.s_addr = unsigned.at(host.h_addr_list[0]!).value;
sin.sin_port = htons(server_port);
const sock = check(socket(AF_INET, SOCK_STREAM, 0), 'socket() failed');
check(connect(sock, sin, sizeof(sin)), 'connection failed');
printf('connected to localhost\n');
check(close(sock), 'close failed');

// Names have variable lengths; an address in text is a name as well.
printf('"localhost" has %d characters\n', strlen('localhost'));
host = gethostbyname('127.1');
if (host === NULL) {
  herror('gethostbyname failed');
  abort();
}
printf('"%s" has %d characters\n', host.h_name, strlen(host!.h_name));

// A name that cannot be: no host, and h_errno says why.
host = gethostbyname('no such host');
printf('"no such host" gave NULL: %s\n', host === NULL ? 'yes' : 'no');
printf('h_errno is HOST_NOT_FOUND: %s\n', h_errno === HOST_NOT_FOUND ? 'yes' : 'no');
