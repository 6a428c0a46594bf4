// Addresses and control messages as the kernel's bytes, for programs that make system calls of their own or speak for another process.
import { AF_UNSPEC } from '../generated/constants.js';
import {
  type Address,
  type AddressInput,
  bytesOfSockaddr,
  decodeAddress as decode,
  encodeAddress as encode,
  type Sockaddr,
} from './address.js';
import { type ControlMessage, decodeControl as decodeMessages, encodeControl as encodeMessages } from './control.js';
import { memoryFor } from './memory.js';

/**
 * The sockaddr of an address, which must say its family: `encodeAddress({ family: 'inet', address: '127.0.0.1', port: 80 })`.
 * @throws TypeError, RangeError; ENAMETOOLONG for a path that does not fit; ENODEV for the name of an interface that is missing;
 * UnsupportedError (EAFNOSUPPORT) for a family that the platform lacks
 */
export const encodeAddress = (address: AddressInput): Uint8Array => encode(address, AF_UNSPEC, 'encodeAddress');

/** The address in the bytes of a sockaddr; `{ family: 'unspec' }` where they are too few to say a family. @throws TypeError */
export const decodeAddress = (bytes: ArrayBufferView | ArrayBufferLike | Sockaddr): Address =>
  decode(bytesOfSockaddr(memoryFor('bytes', bytes), bytes));

/** The control data of messages, as sendmsg(2) takes it in `msg_control`. @throws TypeError, RangeError; ENODEV */
export const encodeControl = (control: readonly ControlMessage[]): Uint8Array => encodeMessages(control);

/** The messages in control data, as recvmsg(2) leaves it. Descriptors among them are the caller's to close. @throws TypeError */
export const decodeControl = (bytes: ArrayBufferView | ArrayBufferLike): ControlMessage[] =>
  decodeMessages(memoryFor('bytes', bytes));
