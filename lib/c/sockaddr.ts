// Room: which struct an address's bytes are.

import * as constants from '../generated/constants.js';
import { AF_INET, AF_INET6, AF_UNIX } from '../generated/constants.js';
import * as structs from '../generated/structs.js';

/** A `struct sockaddr *` in a list that the library returned: the sockaddr of its family. */
export type AnySockaddr =
  | structs.sockaddr
  | structs.sockaddr_in
  | structs.sockaddr_in6
  | structs.sockaddr_un
  | structs.sockaddr_ll
  | structs.sockaddr_nl
  | structs.sockaddr_dl
  | structs.sockaddr_storage;

const byFamily = new Map<number, { new (): AnySockaddr; at(bytes: Uint8Array): AnySockaddr; readonly size: number }>([
  [AF_INET, structs.sockaddr_in],
  [AF_INET6, structs.sockaddr_in6],
  [AF_UNIX, structs.sockaddr_un],
]);
for (const [family, type] of [
  [constants.AF_PACKET, structs.sockaddr_ll],
  [constants.AF_NETLINK, structs.sockaddr_nl],
  [constants.AF_LINK, structs.sockaddr_dl],
] as const) {
  if (family !== undefined) byFamily.set(family, type);
}

/** The sockaddr of the bytes' own family; null for none. Bytes that are fewer than its struct are filled up with zeros. */
export function sockaddrOf(bytes: Uint8Array | null): AnySockaddr | null {
  if (bytes === null || bytes.length < structs.sockaddr.size - 14) return null;
  const padded = new Uint8Array(Math.max(bytes.length, structs.sockaddr.size));
  padded.set(bytes);
  const type = byFamily.get(structs.sockaddr.at(padded).sa_family) ?? structs.sockaddr;
  if (type.size <= padded.length) return type.at(padded);
  const whole = new Uint8Array(type.size);
  whole.set(padded);
  return type.at(whole);
}
