// Program: sd-notify, tells the service manager how this service is doing; all of the protocol, see sd_notify(3).
import {
  AF_UNIX,
  close,
  connect,
  E2BIG,
  EAFNOSUPPORT,
  EINVAL,
  EPROTO,
  errno,
  exit,
  flags,
  fprintf,
  memcpy,
  memset,
  offsetof,
  printf,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  sizeof,
  sockaddr_un,
  socket,
  stderr,
  strerror,
  strlen,
  write,
} from 'bsd-sockets/c';

// Gives 1 if the manager was told, 0 if there is none, or -errno.
function notify(message: string): number {
  const socket_addr = new sockaddr_un();
  memset(socket_addr, 0, sizeof(socket_addr));
  socket_addr.sun_family = AF_UNIX;

  if (strlen(message) === 0) return -EINVAL;
  const socket_path = process.env.NOTIFY_SOCKET;
  if (socket_path === undefined) return 0;
  if (socket_path[0] !== '/' && socket_path[0] !== '@') return -EAFNOSUPPORT;
  const path_length = strlen(socket_path);
  if (path_length >= sizeof(socket_addr.sun_path)) return -E2BIG;
  memcpy(socket_addr.sun_path, socket_path, path_length);
  if (socket_path[0] === '@') socket_addr.sun_path[0] = 0; // an abstract name

  const fd = socket(AF_UNIX, flags(SOCK_DGRAM, SOCK_CLOEXEC), 0);
  if (fd < 0) return -errno;
  const addrlen = offsetof(sockaddr_un, 'sun_path') + path_length;
  if (connect(fd, socket_addr, addrlen) !== 0) {
    const error = errno;
    close(fd);
    return -error;
  }
  const written = write(fd, message, strlen(message));
  const error = errno;
  close(fd);
  if (written !== strlen(message)) return written < 0 ? -error : -EPROTO;
  return 1;
}

const argv = process.argv.slice(1);
if (argv.length < 2) {
  fprintf(stderr, 'usage: sd-notify message...\n');
  exit(2);
}
for (let i = 1; i < argv.length; i++) {
  const told = notify(argv[i]!);
  if (told < 0) {
    fprintf(stderr, '%s: %s\n', argv[i]!, strerror(-told));
    exit(1);
  }
  printf('%s: %s\n', argv[i]!, told ? 'told' : 'there is nobody to tell');
}
