// @ts-check
// Ends in the way that its first argument names.
import * as c from 'bsd-sockets/c';

/** A socket whose peer is gone. */
function orphan() {
  const sv = new (c.array(c.int, 2))();
  c.socketpair(c.AF_UNIX, c.SOCK_STREAM, 0, sv);
  c.close(sv[1]);
  return sv[0];
}

const [way, argument] = process.argv.slice(2);
process.on('exit', (code) => c.printf('exit %d\n', code));

if (way === 'abort') {
  // No core file is left behind.
  c.setrlimit(c.RLIMIT_CORE, new c.rlimit());
  c.abort();
} else if (way === 'exit') {
  c.exit(Number(argument));
} else if (way === 'sigpipe') {
  if (argument === 'default') c.signal(c.SIGPIPE, c.SIG_DFL);
  const result = c.send(orphan(), 'x', 1, argument === 'nosignal' ? (c.MSG_NOSIGNAL ?? 0) : 0);
  c.printf('%d %s\n', result, c.strerror(c.errno));
} else if (way === 'ignored') {
  c.signal(c.SIGTERM, c.SIG_IGN);
  process.kill(process.pid, 'SIGTERM');
  c.printf('still here\n');
} else if (way === 'handler') {
  const waiting = setInterval(() => undefined, 1000);
  process.on('SIGUSR2', (signal) => {
    c.printf('caught %s\n', signal);
    clearInterval(waiting);
  });
  const native = c.signal(c.SIGUSR2, c.SIG_IGN);
  process.kill(process.pid, 'SIGUSR2'); // ignored
  const back = c.signal(c.SIGUSR2, native) === c.SIG_IGN;
  c.printf('%s %s %s\n', typeof native, String(back), String(c.signal(c.SIGUSR2, native) === native));
  process.kill(process.pid, 'SIGUSR2');
} else if (way === 'limit') {
  c.setrlimit(c.RLIMIT_NOFILE, new c.rlimit({ rlim_cur: 64, rlim_max: 64 }));
  /** @type {number[]} */
  const fds = [];
  for (let fd = 0; fd >= 0; ) fds.push((fd = c.socket(c.AF_INET, c.SOCK_DGRAM, 0)));
  c.printf('%s at %d\n', c.strerror(c.errno), (fds.at(-2) ?? 0) + 1);
}
