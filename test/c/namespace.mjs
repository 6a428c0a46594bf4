// Runs in a network namespace of its own, for ioctl.test.ts: makes the requests that change an interface.
import assert from 'node:assert/strict';
import { openSync } from 'node:fs';
import * as c from 'bsd-sockets/c';

/** @param {number} result */
const ok = (result) => {
  if (result === -1) throw new Error(c.strerror(c.errno));
  return result;
};
/** @param {string} text */
const address = (text) => {
  const request = new c.sockaddr_in({ sin_family: c.AF_INET });
  request.sin_addr.s_addr = c.inet_addr(text);
  return c.sockaddr.at(request);
};

const fd = ok(c.socket(c.AF_INET, c.SOCK_DGRAM, 0));
const lo = new c.ifreq({ ifr_name: 'lo' });
ok(c.ioctl(fd, c.SIOCGIFFLAGS, lo));
assert.equal(lo.ifr_flags & c.IFF_UP, 0);
lo.ifr_flags = c.IFF_UP;
ok(c.ioctl(fd, c.SIOCSIFFLAGS, lo));
ok(c.ioctl(fd, c.SIOCGIFFLAGS, lo));
assert.equal(lo.ifr_flags & c.flags(c.IFF_UP, c.IFF_LOOPBACK), c.flags(c.IFF_UP, c.IFF_LOOPBACK));
lo.ifr_addr = address('10.1.2.3');
ok(c.ioctl(fd, c.SIOCSIFADDR, lo));
lo.ifr_netmask = address('255.255.255.0');
ok(c.ioctl(fd, c.SIOCSIFNETMASK, lo));
ok(c.ioctl(fd, c.SIOCGIFADDR, lo));
assert.equal(c.inet_ntoa(c.sockaddr_in.at(lo.ifr_addr).sin_addr), '10.1.2.3');
lo.ifr_mtu = 1234;
ok(c.ioctl(fd, c.SIOCSIFMTU, lo));
ok(c.ioctl(fd, c.SIOCGIFMTU, lo));
assert.equal(lo.ifr_mtu, 1234);
console.log('done');

let tun = -1;
try {
  tun = openSync('/dev/net/tun', 'r+');
} catch (error) {
  console.log(`this machine lacks /dev/net/tun: ${/** @type {NodeJS.ErrnoException} */ (error).code}`);
}
if (tun >= 0) {
  const features = new c.unsigned_int();
  ok(c.ioctl(tun, c.TUNGETFEATURES, features));
  assert.equal(features.value & c.flags(c.IFF_TUN), c.IFF_TUN);
  const made = new c.ifreq({ ifr_name: 'test%d', ifr_flags: c.flags(c.IFF_TUN, c.IFF_NO_PI) });
  ok(c.ioctl(tun, c.TUNSETIFF, made));
  assert.equal(String(made.ifr_name), 'test0');
  ok(c.ioctl(tun, c.TUNSETPERSIST, 0));
  made.ifr_addr = address('10.9.0.1');
  ok(c.ioctl(fd, c.SIOCSIFADDR, made));
  made.ifr_dstaddr = address('10.9.0.2');
  ok(c.ioctl(fd, c.SIOCSIFDSTADDR, made));
  made.ifr_flags = c.flags(c.IFF_UP, c.IFF_RUNNING);
  ok(c.ioctl(fd, c.SIOCSIFFLAGS, made));
  // getifaddrs tells the peer's address of a point-to-point link.
  const list = new c.pointer();
  ok(c.getifaddrs(list));
  let entry = /** @type {c.ifaddrs | null} */ (list.value);
  while (entry && !(entry.ifa_name === 'test0' && entry.ifa_addr instanceof c.sockaddr_in)) entry = entry.ifa_next;
  assert.ok(entry?.ifa_dstaddr instanceof c.sockaddr_in);
  assert.equal(entry.ifa_flags & c.IFF_POINTOPOINT, c.IFF_POINTOPOINT);
  assert.equal(c.inet_ntoa(entry.ifa_dstaddr.sin_addr), '10.9.0.2');
  // What is routed there is read here.
  const to = c.sockaddr_in.at(address('10.9.0.2'));
  to.sin_port = c.htons(9);
  ok(c.sendto(fd, 'tunnel', 6, 0, to, c.sizeof(to)));
  const packet = new Uint8Array(2048);
  for (;;) {
    const length = ok(c.read(tun, packet, packet.length));
    if (c.iphdr.at(packet).version !== 4) continue; // the kernel's own IPv6 messages
    assert.equal(length, 34);
    assert.equal(String(c.array(c.char, 6).at(packet, 28)), 'tunnel');
    break;
  }
  ok(c.close(tun));
}
ok(c.close(fd));
