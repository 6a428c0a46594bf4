// Benchmark, group echo: server.c, statement for statement, on bsd-sockets/c.
import {
  AF_INET,
  accept4,
  array,
  bind,
  close,
  EAGAIN,
  EPOLL_CLOEXEC,
  EPOLL_CTL_ADD,
  EPOLLIN,
  epoll_create1,
  epoll_ctl,
  epoll_event,
  epoll_wait,
  errno,
  getsockname,
  htonl,
  INADDR_LOOPBACK,
  listen,
  MSG_NOSIGNAL,
  ntohs,
  printf,
  read,
  recv,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  send,
  sockaddr_in,
  socket,
  socklen_t,
} from 'bsd-sockets/c';
import { die } from '../contestant.js';
import { BACKLOG, collect, ROOM, raiseLimit } from './server.js';

const EVENTS = 1024;

const event = new epoll_event();
const events = new (array(epoll_event, EVENTS))();
// Its elements: reading them through the array, which intercepts what is written, costs more than their fields.
const entries = [...events];
const buffer = new Uint8Array(ROOM);
const line = new Uint8Array(32);

raiseLimit();
const sin = new sockaddr_in({ sin_family: AF_INET });
sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
const listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK! | SOCK_CLOEXEC!, 0);
if (bind(listener, sin, sockaddr_in.size) < 0 || listen(listener, BACKLOG) < 0) die('listen failed');
if (getsockname(listener, sin, new socklen_t(sockaddr_in.size)) < 0) die('getsockname failed');
const epfd = epoll_create1(EPOLL_CLOEXEC!);
watch(listener);
watch(0);
printf('%d\n', ntohs(sin.sin_port));

for (;;) {
  const count = epoll_wait(epfd, events, EVENTS, -1);
  for (let i = 0; i < count; i++) {
    const { fd } = entries[i]!.data;
    if (fd === listener) acceptAll();
    else if (fd === 0) obey();
    else echo(fd);
  }
}

function watch(fd: number): void {
  event.events = EPOLLIN!;
  event.data.fd = fd;
  if (epoll_ctl(epfd, EPOLL_CTL_ADD!, fd, event) < 0) die('epoll_ctl failed');
}

function acceptAll(): void {
  for (;;) {
    const fd = accept4(listener, null, null, SOCK_NONBLOCK! | SOCK_CLOEXEC!);
    if (fd >= 0) watch(fd);
    else if (errno === EAGAIN) return;
    else die('accept4 failed');
  }
}

function echo(fd: number): void {
  const length = recv(fd, buffer, ROOM, 0);
  if (length <= 0 || send(fd, buffer, length, MSG_NOSIGNAL) !== length) close(fd);
}

function obey(): void {
  if (read(0, line, line.length) <= 0) process.exit(0);
  collect();
  printf('ok\n');
}
