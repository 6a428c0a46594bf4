// Program: interfaces, lists the interfaces that have an IPv4 address, with SIOCGIFCONF and its kin.
import {
  AF_INET,
  array,
  type Box,
  type CArray,
  close,
  errno,
  exit,
  IFF_BROADCAST,
  IFF_LOOPBACK,
  IFF_MULTICAST,
  IFF_POINTOPOINT,
  IFF_RUNNING,
  IFF_UP,
  IFNAMSIZ,
  ifconf,
  ifreq,
  inet_ntoa,
  int,
  ioctl,
  memset,
  perror,
  printf,
  SIOCGIFBRDADDR,
  SIOCGIFCONF,
  SIOCGIFFLAGS,
  SIOCGIFHWADDR,
  SIOCGIFINDEX,
  SIOCGIFMTU,
  SIOCGIFNETMASK,
  SOCK_DGRAM,
  sizeof,
  sockaddr_in,
  socket,
  strerror,
  strncpy,
  unsigned_char,
} from 'bsd-sockets/c';

function die(what: string): never {
  perror(what);
  exit(1);
}

// Nobody says how many there are: with a list that does not fill its buffer it is complete.
function get_list(sock: number, count: Box<number>): CArray<ifreq> {
  for (let room = 1; ; room *= 2) {
    const list = new (array(ifreq, room))();
    const ifc = new ifconf();
    ifc.ifc_len = room * sizeof(ifreq);
    ifc.ifc_req = list;
    if (ioctl(sock, SIOCGIFCONF, ifc) < 0) die('SIOCGIFCONF');
    count.value = Math.trunc(ifc.ifc_len / sizeof(ifreq));
    if (count.value < room) return list;
  }
}

function show_flags(flags: number): void {
  const names = [
    { flag: IFF_UP, name: 'UP' },
    { flag: IFF_BROADCAST, name: 'BROADCAST' },
    { flag: IFF_LOOPBACK, name: 'LOOPBACK' },
    { flag: IFF_POINTOPOINT, name: 'POINTOPOINT' },
    { flag: IFF_RUNNING, name: 'RUNNING' },
    { flag: IFF_MULTICAST, name: 'MULTICAST' },
  ];
  let separator = '';
  for (let i = 0; i < names.length; i++) {
    if (!(flags & names[i]!.flag)) continue;
    printf('%s%s', separator, names[i]!.name);
    separator = ',';
  }
}

function show(sock: number, entry: ifreq): void {
  const ifr = new ifreq(entry); // has the name; each request overwrites the rest
  if (ioctl(sock, SIOCGIFFLAGS, ifr) < 0) die('SIOCGIFFLAGS');
  printf('%s: flags=%d<', entry.ifr_name, ifr.ifr_flags & 0xffff);
  show_flags(ifr.ifr_flags);
  if (ioctl(sock, SIOCGIFMTU, ifr) < 0) die('SIOCGIFMTU');
  printf('> mtu %d', ifr.ifr_mtu);
  if (ioctl(sock, SIOCGIFINDEX, ifr) < 0) die('SIOCGIFINDEX');
  printf(' index %d\n', ifr.ifr_ifindex!);

  let addr = sockaddr_in.at(entry.ifr_addr);
  printf('        inet %s', inet_ntoa(addr.sin_addr));
  if (ioctl(sock, SIOCGIFNETMASK, ifr) < 0) die('SIOCGIFNETMASK');
  addr = sockaddr_in.at(ifr.ifr_netmask!);
  printf(' netmask %s', inet_ntoa(addr.sin_addr));
  if (ioctl(sock, SIOCGIFBRDADDR, ifr) < 0) die('SIOCGIFBRDADDR');
  addr = sockaddr_in.at(ifr.ifr_broadaddr);
  printf(' broadcast %s\n', inet_ntoa(addr.sin_addr));

  if (ioctl(sock, SIOCGIFHWADDR, ifr) < 0) die('SIOCGIFHWADDR');
  const mac = array(unsigned_char, 6).at(ifr.ifr_hwaddr!.sa_data);
  printf(
    '        hardware %d %02x:%02x:%02x:%02x:%02x:%02x\n',
    ifr.ifr_hwaddr!.sa_family,
    mac[0],
    mac[1],
    mac[2],
    mac[3],
    mac[4],
    mac[5],
  );
}

const sock = socket(AF_INET, SOCK_DGRAM, 0);
if (sock < 0) die('socket');
const count = new int();
const list = get_list(sock, count);
for (let i = 0; i < count.value; i++) show(sock, list[i]!);

const ifr = new ifreq();
memset(ifr, 0, sizeof(ifr));
strncpy(ifr.ifr_name, 'nosuchif0', IFNAMSIZ - 1);
const result = ioctl(sock, SIOCGIFFLAGS, ifr);
printf('%s: %s\n', ifr.ifr_name, result < 0 ? strerror(errno) : 'is there');
close(sock);
