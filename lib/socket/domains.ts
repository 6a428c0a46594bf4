// Room: the address families as types: a domain carries the address that its sockets have.

import * as c from '../generated/constants.js';
import type {
  Address,
  CanAddress,
  Inet6Address,
  InetAddress,
  NetlinkAddress,
  PacketAddress,
  UnixAddress,
  VsockAddress,
} from './address.js';

declare const DOMAIN: unique symbol;
/** A domain for `new Socket`: a number that carries the type of its addresses. */
export type Domain<A extends Address> = number & { readonly [DOMAIN]: A };

/** IPv4. ip(7) */
export const AF_INET = c.AF_INET as Domain<InetAddress>;
/** IPv4. ip(7) */
export const PF_INET = AF_INET;
/** IPv6. ipv6(7) */
export const AF_INET6 = c.AF_INET6 as Domain<Inet6Address>;
/** IPv6. ipv6(7) */
export const PF_INET6 = AF_INET6;
/** Within this host. unix(7) */
export const AF_UNIX = c.AF_UNIX as Domain<UnixAddress>;
/** Within this host. unix(7) */
export const PF_UNIX = AF_UNIX;
/** Within this host. unix(7) */
export const AF_LOCAL = AF_UNIX;
/** The link layer. Linux. packet(7) */
export const AF_PACKET = c.AF_PACKET as Domain<PacketAddress> | undefined;
/** The kernel's own messages. Linux. netlink(7) */
export const AF_NETLINK = c.AF_NETLINK as Domain<NetlinkAddress> | undefined;
/** Virtual machines and their host. vsock(7) */
export const AF_VSOCK = c.AF_VSOCK as Domain<VsockAddress>;
/** Controller area networks. Linux. */
export const AF_CAN = c.AF_CAN as Domain<CanAddress> | undefined;
