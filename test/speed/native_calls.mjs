// @ts-check
// The child of instructions.test.ts: calls the addon's functions, with a mark before and after each thousand. Prints their names.
import * as c from 'bsd-sockets/c';

/** @param {number} result */
function ok(result) {
  if (result < 0) throw new Error(c.strerror(c.errno));
}
/** callgrind writes what it has counted, and begins again, where this system call is made. */
const mark = () => process.ppid;

const bytes = new Uint8Array(16);
const struct = new c.sockaddr_in(); // memory that the fast path leaves to the checked call
const sender = c.socket(c.AF_INET, c.SOCK_DGRAM, 0);
const receiver = c.socket(c.AF_INET, c.SOCK_DGRAM, 0);
const address = new c.sockaddr_in({ sin_family: c.AF_INET, sin_addr: { s_addr: c.htonl(c.INADDR_LOOPBACK) } });
ok(c.bind(receiver, address, c.sizeof(address)));
ok(c.getsockname(receiver, address, new c.socklen_t(c.sizeof(address))));
ok(c.connect(sender, address, c.sizeof(address)));

// No call waits: datagrams for which there is no room are dropped, and the first one is looked at, never taken.
const calls = {
  'send, fast': () => c.send(sender, bytes, 16, 0),
  'send, checked': () => c.send(sender, struct, 16, 0),
  'recv, fast': () => c.recv(receiver, bytes, 16, c.MSG_PEEK),
  'recv, checked': () => c.recv(receiver, struct, 16, c.MSG_PEEK),
};

for (const [name, call] of Object.entries(calls)) {
  ok(call()); // symbols are looked up at their first use
  mark();
  for (let i = 0; i < 1000; i++) ok(call());
  mark();
  console.log(name);
}
