// Room: getaddrinfo and getnameinfo in the thread pool.
import { encodeAddress, type Inet6Address, type InetAddress } from './address.js';
import { native } from './binding.js';
import { addressInfoError, type Caller, invalidType, socketError } from './errors.js';
import * as c from './generated/constants.js';
import { type AddressHints, type AddressInfo, answered, question } from './names.js';

/** Abandons a question: the resolver itself cannot be interrupted, and answers to nobody. */
async function abandonable<T>(
  answer: Promise<T> | number,
  syscall: string,
  caller: Caller,
  signal?: AbortSignal,
): Promise<T> {
  if (typeof answer === 'number') throw socketError(-answer, syscall, caller);
  if (!signal) return answer;
  const aborted = (): Error =>
    Object.assign(new Error('The operation was aborted', { cause: signal.reason }), {
      name: 'AbortError',
      code: 'ABORT_ERR',
    });
  if (signal.aborted) throw aborted();
  let leave = (): void => {};
  const abort = new Promise<never>((_resolve, reject) => {
    leave = () => reject(aborted());
    signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([answer, abort]);
  } finally {
    signal.removeEventListener('abort', leave);
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
  const asked = question(host, service, hints, getaddrinfo);
  const answer = await abandonable(native.getaddrinfo_later(...asked), 'getaddrinfo', getaddrinfo, hints.signal);
  return answered(answer, host ?? String(service), getaddrinfo);
}

/** `getnameinfo(3)` in the thread pool: the host and service of an address. @throws AddressInfoError, TypeError; AbortError */
export async function getnameinfo(
  address: InetAddress | Inet6Address,
  flags = 0,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<{ host: string; service: string }> {
  if (!Number.isInteger(flags)) throw invalidType('flags', 'an integer', flags, getnameinfo);
  const bytes = encodeAddress(address, c.AF_UNSPEC, getnameinfo);
  const answer = await abandonable(native.getnameinfo_later(bytes, flags), 'getnameinfo', getnameinfo, signal);
  const [host, service] = answer;
  if (typeof host === 'number')
    throw addressInfoError(host, service as number, 'getnameinfo', getnameinfo, address.address);
  return { host, service: service as string };
}
