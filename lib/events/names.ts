// Room: getaddrinfo and getnameinfo in the thread pool.

import { native } from '../addon/binding.js';
import * as c from '../generated/constants.js';
import { encodeAddress, type Inet6Address, type InetAddress } from '../socket/address.js';
import { addressInfoError, socketError } from '../socket/errors.js';
import { type AddressHints, type AddressInfo, answered, question } from '../socket/names.js';
import { invalidType } from '../socket/validate.js';
import { abortError, checkSignal, offAbort, onAbort } from './abort.js';

/** Asks in the thread pool. An abort takes a question back that nobody has begun to answer; else the answer is nobody's. */
async function ask<T>(
  begin: () => readonly [answer: Promise<T>, cancel: () => void] | number,
  syscall: string,
  signal: AbortSignal | undefined,
): Promise<T> {
  checkSignal(signal);
  if (signal?.aborted) throw abortError(signal);
  const begun = begin();
  if (typeof begun === 'number') throw socketError(-begun, syscall);
  const [answer, cancel] = begun;
  if (!signal) return answer;
  let leave = (): void => {};
  const abort = new Promise<never>((_resolve, reject) => {
    leave = () => {
      reject(abortError(signal));
      cancel();
    };
    onAbort(signal, leave);
  });
  try {
    return await Promise.race([answer, abort]);
  } finally {
    offAbort(signal, leave);
  }
}

/**
 * `getaddrinfo(3)` in the thread pool: the addresses of a host and a service, in the order to try them.
 * @throws AddressInfoError, TypeError; AbortError
 */
export async function getaddrinfo(
  host: string | null,
  service: string | number | null = null,
  hints: AddressHints & { readonly signal?: AbortSignal } = {},
): Promise<AddressInfo[]> {
  const asked = question(host, service, hints);
  const answer = await ask(() => native.getaddrinfo_later(...asked), 'getaddrinfo', hints.signal);
  return answered(answer, host ?? String(service));
}

/** `getnameinfo(3)` in the thread pool: the host and service of an address. @throws AddressInfoError, TypeError; AbortError */
export async function getnameinfo(
  address: InetAddress | Inet6Address,
  flags = 0,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<{ host: string; service: string }> {
  if (!Number.isInteger(flags)) throw invalidType('flags', 'an integer', flags);
  const bytes = encodeAddress(address, c.AF_UNSPEC);
  const answer = await ask(() => native.getnameinfo_later(bytes, flags), 'getnameinfo', signal);
  const [host, service] = answer;
  if (typeof host === 'number') throw addressInfoError(host, service as number, 'getnameinfo', address.address);
  return { host, service: service as string };
}
