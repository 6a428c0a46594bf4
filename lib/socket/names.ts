// Room: names: hosts, services, interfaces, and addresses as text. Blocking; bsd-sockets/promises has the same on the event loop.

import { type AddressEntry, type AddressQuestion, native } from '../addon/binding.js';
import * as c from '../generated/constants.js';
import { type Address, decodeAddress, encodeAddress, type Inet6Address, type InetAddress } from './address.js';
import { addressInfoError, check, socketError } from './errors.js';
import { formatAddress } from './families.js';
import { memoryFor } from './memory.js';
import { checkFields, checkInteger, checkText, invalidType, invalidValue, keys } from './validate.js';

/** What to look for. */
export interface AddressHints {
  /** 'inet', 'inet6', or an AF_ number; either by default. */
  readonly family?: 'inet' | 'inet6' | number;
  /** SOCK_STREAM, …. */
  readonly type?: number;
  /** IPPROTO_TCP, …. */
  readonly protocol?: number;
  /** AI_ flags. */
  readonly flags?: number;
}
/** An address to try. */
export interface AddressInfo {
  /** The domain: AF_INET, AF_INET6. */
  readonly domain: number;
  readonly type: number;
  readonly protocol: number;
  readonly address: InetAddress | Inet6Address;
  /** The host's official name, with AI_CANONNAME in the first one. */
  readonly canonicalName: string | null;
}

const DOMAINS = new Map<unknown, number>([
  ['inet', c.AF_INET],
  ['inet6', c.AF_INET6],
]);
const HINTS = keys('family', 'type', 'protocol', 'flags');
/** What bsd-sockets/promises takes: it reads the signal itself. */
const HINTS_AND_SIGNAL = keys(...HINTS, 'signal');

/** The domain of a hint. */
function domainOf(family: unknown): number {
  if (family === undefined) return c.AF_UNSPEC;
  const number = typeof family === 'number' ? family : DOMAINS.get(family);
  if (number === undefined) throw invalidType('hints.family', "'inet', 'inet6' or a number", family);
  checkInteger('hints.family', number);
  return number;
}

/** The arguments of a question to the resolver, checked; each hint is read once. @internal */
export function question(
  host: string | null,
  service: string | number | null,
  hints: AddressHints,
  known = HINTS_AND_SIGNAL,
): AddressQuestion {
  if (host !== null) checkText('host', host);
  if (typeof service === 'number') checkInteger('service', service, 0, 0xffff);
  else if (service !== null) checkText('service', service);
  checkFields('hints', hints, known);
  const { family, type = 0, protocol = 0, flags = 0 } = hints as AddressHints;
  checkInteger('hints.type', type);
  checkInteger('hints.protocol', protocol);
  checkInteger('hints.flags', flags);
  return [host, service === null ? null : String(service), hints, flags, domainOf(family), type, protocol];
}

/** What the resolver answered. @internal */
export function answered(answer: AddressEntry[] | [number, number] | number, asked: string): AddressInfo[] {
  if (typeof answer === 'number') throw socketError(-answer, 'getaddrinfo');
  if (typeof answer[0] === 'number') throw addressInfoError(answer[0], answer[1] as number, 'getaddrinfo', asked);
  return (answer as AddressEntry[]).map(([, domain, type, protocol, bytes, canonicalName]) => ({
    domain,
    type,
    protocol,
    address: decodeAddress(bytes) as InetAddress | Inet6Address,
    canonicalName,
  }));
}

/**
 * `getaddrinfo(3)`: the addresses of a host and a service, in the order to try them. `host` null is the wildcard (AI_PASSIVE) or this
 * host. Blocks while it asks.
 * @throws AddressInfoError, TypeError
 */
export function getaddrinfo(
  host: string | null,
  service: string | number | null = null,
  hints: AddressHints = {},
): AddressInfo[] {
  const asked = question(host, service, hints, HINTS);
  return answered(native.getaddrinfo(...asked), host ?? String(service));
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(0, Math.max(0, bytes.indexOf(0)))).toString();

/** `getnameinfo(3)`: the host and service of an address, by name, or by number with NI_ flags. @throws AddressInfoError, TypeError */
export function getnameinfo(address: InetAddress | Inet6Address, flags = 0): { host: string; service: string } {
  checkInteger('flags', flags);
  const bytes = encodeAddress(address, c.AF_UNSPEC, 'getnameinfo');
  const host = new Uint8Array(c.NI_MAXHOST);
  const service = new Uint8Array(c.NI_MAXSERV);
  const answer = native.getnameinfo(bytes, bytes.byteLength, host, host.length, service, service.length, flags);
  if (typeof answer === 'number') throw socketError(-answer, 'getnameinfo');
  if (answer[0] !== 0) {
    const { address: asked } = decodeAddress(bytes) as InetAddress;
    throw addressInfoError(answer[0], answer[1], 'getnameinfo', asked);
  }
  return { host: text(host), service: text(service) };
}

/** An address of an interface. */
export interface InterfaceAddress {
  readonly name: string;
  /** IFF_ flags. */
  readonly flags: number;
  readonly address: Address | null;
  readonly netmask: Address | null;
  /** The broadcast address, or with IFF_POINTOPOINT the peer's. */
  readonly broadcast: Address | null;
}

/** `getifaddrs(3)`: the addresses of all interfaces. @throws SocketError */
export function getifaddrs(): InterfaceAddress[] {
  const list = native.getifaddrs();
  if (typeof list === 'number') throw socketError(-list, 'getifaddrs');
  const decode = (bytes: Uint8Array | null | undefined): Address | null => (bytes ? decodeAddress(bytes) : null);
  return list.map(([name, flags, address, netmask, broadcast]) => ({
    name,
    flags,
    address: decode(address),
    netmask: decode(netmask),
    broadcast: decode(broadcast),
  }));
}

/** `if_nametoindex(3)`: an interface's index. @throws SocketError ENODEV, TypeError */
export function if_nametoindex(name: string): number {
  checkText('name', name);
  return check(native.if_nametoindex(name), 'if_nametoindex', { address: name });
}

/** `if_indextoname(3)`: an interface's name. @throws SocketError ENXIO, TypeError */
export function if_indextoname(index: number): string {
  checkInteger('index', index);
  const name = native.if_indextoname(index, null);
  if (typeof name === 'number') throw socketError(-name, 'if_indextoname');
  return name;
}

/** `inet_pton(3)`: the bytes of a numeric address (AF_INET: 4, AF_INET6: 16). @throws TypeError for a text that is none */
export function inet_pton(family: number, address: string): Uint8Array {
  checkInteger('family', family);
  checkText('address', address);
  const bytes = new Uint8Array(family === c.AF_INET ? 4 : 16);
  if (check(native.inet_pton(family, address, bytes), 'inet_pton') === 0) {
    throw invalidValue('address', 'a numeric address', address, 'ERR_INVALID_IP_ADDRESS');
  }
  return bytes;
}

/** `inet_ntop(3)`: the text of an address's bytes. @throws SocketError EAFNOSUPPORT, TypeError */
export function inet_ntop(family: number, bytes: ArrayBufferView | ArrayBufferLike): string {
  checkInteger('family', family);
  const size = family === c.AF_INET ? 4 : 16;
  const memory = memoryFor('bytes', bytes);
  if (memory.length !== size) throw invalidValue('bytes', `an address of ${size} bytes`, bytes);
  if (family !== c.AF_INET && family !== c.AF_INET6) throw socketError(c.EAFNOSUPPORT, 'inet_ntop');
  return formatAddress(family, memory);
}
