// <netdb.h>.
import { type HostEntry, native, type ProtocolEntry, type ServiceEntry } from '../addon/binding.js';
import { fail, ret, set_errno } from '../addon/errno.js';
import { type ConstPointer, mem, type Pointer, shown, typeError } from '../ctypes/index.js';
import { EAI_SYSTEM } from '../generated/constants.js';
import { structSizes } from '../generated/struct_sizes.js';
import { pointer } from './pointer.js';
import { PointerStruct } from './pointer_struct.js';
import { printError } from './print_error.js';
import { type AnySockaddr, sockaddrOf } from './sockaddr.js';

/**
 * The error of the last `gethostbyname` or `gethostbyaddr` of this thread that failed: HOST_NOT_FOUND and its kin. A live binding.
 * @see gethostbyname(3)
 */
export let h_errno: number = 0;

/** `struct hostent`: a host's names and addresses. @see gethostbyname(3) */
export class hostent extends PointerStruct {
  /** `sizeof(struct hostent)`. */
  static readonly size: number = structSizes.hostent;
  /** The official name. */
  h_name: string | null = null;
  /** Other names. */
  h_aliases: string[] = [];
  /** AF_INET or AF_INET6. */
  h_addrtype = 0;
  /** Of each address, in bytes. */
  h_length = 0;
  /** The addresses, in network order: `unsigned_int.at(host.h_addr_list[0]).value`. */
  h_addr_list: Uint8Array[] = [];

  constructor(init?: Partial<Pick<hostent, 'h_name' | 'h_aliases' | 'h_addrtype' | 'h_length' | 'h_addr_list'>>) {
    super();
    this.assign(init);
  }

  /** `h_addr_list[0]`, or null where there is none. */
  get h_addr(): Uint8Array | null {
    return this.h_addr_list[0] ?? null;
  }
}

/** The resolver's answer, or null with `h_errno` (and `errno` where that says NETDB_INTERNAL, -1). */
function host(answer: HostEntry | number): hostent | null {
  if (typeof answer === 'number') {
    h_errno = -1;
    ret(answer);
    return null;
  }
  if (answer.length === 2) {
    h_errno = answer[0];
    if (h_errno === -1) set_errno(answer[1]);
    return null;
  }
  const [h_name, h_aliases, h_addrtype, h_length, h_addr_list] = answer;
  return new hostent({ h_name, h_aliases, h_addrtype, h_length, h_addr_list });
}

/**
 * `struct hostent *gethostbyname(const char *name)`: a host's IPv4 addresses, or `null` with `h_errno`. Blocks while it asks.
 * @throws TypeError for an argument of a wrong type. @see gethostbyname(3)
 */
export const gethostbyname = (name: ConstPointer): hostent | null => host(native.gethostbyname(mem(name)));

/** `struct hostent *gethostbyname2(const char *name, int af)`: the same for AF_INET or AF_INET6. @throws TypeError @see gethostbyname2(3) */
export const gethostbyname2 = (name: ConstPointer, af: number): hostent | null =>
  host(native.gethostbyname2(mem(name), af));

/**
 * `struct hostent *gethostbyaddr(const void *addr, socklen_t len, int type)`: the names of an address, or `null` with `h_errno`.
 * `len` in bytes.
 * @throws TypeError for an argument of a wrong type. @see gethostbyaddr(3)
 */
export const gethostbyaddr = (addr: ConstPointer, len: number, type: number): hostent | null =>
  host(native.gethostbyaddr(mem(addr), len, type));

/** `const char *hstrerror(int err)`: the message of an `h_errno`. @throws TypeError for what is no integer. @see hstrerror(3) */
export const hstrerror = (err: number): string => native.hstrerror(err);

/** `void herror(const char *s)`: writes `s: message of h_errno` to descriptor 2. @throws TypeError @see herror(3) */
export const herror = (s: ConstPointer): void => {
  printError('herror', s, hstrerror(h_errno));
};

/** `struct addrinfo`: an address to try, and the next one. @see getaddrinfo(3) */
export class addrinfo extends PointerStruct {
  /** `sizeof(struct addrinfo)`. */
  static readonly size: number = structSizes.addrinfo;
  /** AI_ flags (of the hints). */
  ai_flags = 0;
  /** For socket(): the domain. */
  ai_family = 0;
  /** For socket(): the type. */
  ai_socktype = 0;
  /** For socket(): the protocol. */
  ai_protocol = 0;
  /** The address's length in bytes. */
  ai_addrlen = 0;
  /** The address: the sockaddr of its family. */
  ai_addr: AnySockaddr | null = null;
  /** The host's official name (AI_CANONNAME, in the first one alone). */
  ai_canonname: string | null = null;
  /** The next address, or null. */
  ai_next: addrinfo | null = null;

  constructor(
    init?: Partial<
      Pick<
        addrinfo,
        'ai_flags' | 'ai_family' | 'ai_socktype' | 'ai_protocol' | 'ai_addrlen' | 'ai_addr' | 'ai_canonname' | 'ai_next'
      >
    >,
  ) {
    super();
    this.assign(init);
  }
}

/** Memory that ends before its text does: EAI_SYSTEM with `EFAULT`. */
const fault = (result: number): number => fail(result, EAI_SYSTEM);

/**
 * `int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **res)`: 0, and the list of
 * addresses in `res.value`; else an EAI_ code (EAI_SYSTEM: see `errno`). Blocks while it asks.
 * @throws TypeError for an argument of a wrong type. @see getaddrinfo(3)
 */
export const getaddrinfo = (
  node: ConstPointer,
  service: ConstPointer,
  hints: addrinfo | null,
  res: pointer<addrinfo>,
): number => {
  if (!(res instanceof pointer)) {
    throw typeError(`getaddrinfo(): argument 4 (res) must be a pointer, got ${shown(res)}`);
  }
  const answer =
    hints instanceof addrinfo
      ? native.getaddrinfo(
          mem(node),
          mem(service),
          hints,
          hints.ai_flags,
          hints.ai_family,
          hints.ai_socktype,
          hints.ai_protocol,
        )
      : native.getaddrinfo(mem(node), mem(service), hints);
  if (typeof answer === 'number') return fault(answer);
  if (typeof answer[0] === 'number') {
    if (answer[0] === EAI_SYSTEM) set_errno(answer[1] as number);
    return answer[0];
  }
  let next: addrinfo | null = null;
  for (const [ai_flags, ai_family, ai_socktype, ai_protocol, bytes, ai_canonname] of (
    answer as Exclude<typeof answer, [number, number]>
  ).reverse()) {
    const ai_addr = sockaddrOf(bytes);
    const ai_addrlen = bytes.byteLength;
    next = new addrinfo({
      ai_flags,
      ai_family,
      ai_socktype,
      ai_protocol,
      ai_addrlen,
      ai_addr,
      ai_canonname,
      ai_next: next,
    });
  }
  res.value = next;
  return 0;
};

/** `void freeaddrinfo(struct addrinfo *res)`: nothing to do, the list is JavaScript's. @throws TypeError @see getaddrinfo(3) */
export const freeaddrinfo = (res: addrinfo | null): void => {
  if (res !== null && !(res instanceof addrinfo)) {
    throw typeError(`freeaddrinfo(): argument 1 (res) must be an addrinfo, got ${shown(res)}`);
  }
};

/** `const char *gai_strerror(int errcode)`: the message of an EAI_ code. @throws TypeError @see gai_strerror(3) */
export const gai_strerror = (errcode: number): string => native.gai_strerror(errcode);

/**
 * `int getnameinfo(const struct sockaddr *addr, socklen_t addrlen, char *host, socklen_t hostlen, char *serv, socklen_t servlen, int
 * flags)`: 0, and the texts in `host` and `serv` (either may be null); else an EAI_ code. Lengths in bytes.
 * @throws TypeError for an argument of a wrong type. @see getnameinfo(3)
 */
export const getnameinfo = (
  addr: ConstPointer,
  addrlen: number,
  host: Pointer,
  hostlen: number | bigint,
  serv: Pointer,
  servlen: number | bigint,
  flags: number,
): number => {
  const answer = native.getnameinfo(mem(addr), addrlen, mem(host), hostlen, mem(serv), servlen, flags);
  if (typeof answer === 'number') return fault(answer);
  if (answer[0] === EAI_SYSTEM) set_errno(answer[1]);
  return answer[0];
};

/** `struct servent`: a service's names and port. @see getservbyname(3) */
export class servent extends PointerStruct {
  /** `sizeof(struct servent)`. */
  static readonly size: number = structSizes.servent;
  /** The official name. */
  s_name: string | null = null;
  /** Other names. */
  s_aliases: string[] = [];
  /** The port, in network byte order. */
  s_port = 0;
  /** The protocol's name. */
  s_proto: string | null = null;

  constructor(init?: Partial<Pick<servent, 's_name' | 's_aliases' | 's_port' | 's_proto'>>) {
    super();
    this.assign(init);
  }
}

/** `struct protoent`: a protocol's names and number. @see getprotobyname(3) */
export class protoent extends PointerStruct {
  /** `sizeof(struct protoent)`. */
  static readonly size: number = structSizes.protoent;
  /** The official name. */
  p_name: string | null = null;
  /** Other names. */
  p_aliases: string[] = [];
  /** The number. */
  p_proto = 0;

  constructor(init?: Partial<Pick<protoent, 'p_name' | 'p_aliases' | 'p_proto'>>) {
    super();
    this.assign(init);
  }
}

function service(entry: ServiceEntry | null | number): servent | null {
  if (typeof entry === 'number') ret(entry);
  if (entry === null || typeof entry === 'number') return null;
  const [s_name, s_aliases, s_port, s_proto] = entry;
  return new servent({ s_name, s_aliases, s_port, s_proto });
}

function protocol(entry: ProtocolEntry | null | number): protoent | null {
  if (typeof entry === 'number') ret(entry);
  if (entry === null || typeof entry === 'number') return null;
  const [p_name, p_aliases, p_proto] = entry;
  return new protoent({ p_name, p_aliases, p_proto });
}

/** `struct servent *getservbyname(const char *name, const char *proto)`: `proto` may be null. Null if there is none. @throws TypeError @see getservbyname(3) */
export const getservbyname = (name: ConstPointer, proto: ConstPointer): servent | null =>
  service(native.getservbyname(mem(name), mem(proto)));
/** `struct servent *getservbyport(int port, const char *proto)`: `port` in network byte order. @throws TypeError @see getservbyport(3) */
export const getservbyport = (port: number, proto: ConstPointer): servent | null =>
  service(native.getservbyport(port, mem(proto)));
/** `struct servent *getservent(void)`: the next one of the database, null at its end. @see getservent(3) */
export const getservent = (): servent | null => service(native.getservent());
/** `struct protoent *getprotobyname(const char *name)`. @throws TypeError @see getprotobyname(3) */
export const getprotobyname = (name: ConstPointer): protoent | null => protocol(native.getprotobyname(mem(name)));
/** `struct protoent *getprotobynumber(int proto)`. @throws TypeError @see getprotobynumber(3) */
export const getprotobynumber = (proto: number): protoent | null => protocol(native.getprotobynumber(proto));
/** `struct protoent *getprotoent(void)`: the next one of the database, null at its end. @see getprotoent(3) */
export const getprotoent = (): protoent | null => protocol(native.getprotoent());
