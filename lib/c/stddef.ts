// <stddef.h>: offsetof, and the operator sizeof.
import { bytesOf, CODEC, type CType, FIELDS, type Pointee, type StructType, wrongArgument } from '../ctypes/index.js';
import { PointerStruct, pointerStructSize } from './pointer_struct.js';

/** What has a size: a type, an instance, a view, a buffer, a string. */
export type Sized = Pointee | ArrayBufferView | ArrayBufferLike | PointerStruct | string | { readonly size: number };

/**
 * `sizeof(x)`, in bytes: of a type or an instance, a typed array, an ArrayBuffer, a string (its UTF-8 bytes + 1).
 * @throws TypeError for anything else.
 */
export const sizeof = (x: Sized): number => {
  if (typeof x === 'string') return Buffer.byteLength(x) + 1;
  if (typeof x === 'function') {
    if (CODEC in x || pointerStructSize(x) !== undefined || bytesLike(x)) return (x as unknown as CType).size;
  } else if (x instanceof PointerStruct) {
    return pointerStructSize(x.constructor)!;
  } else {
    const memory = bytesOf(x);
    if (memory) return memory.byteLength;
  }
  throw wrongArgument('sizeof', 1, 'x', 'a type, memory or a string', x);
};

/** Types that are no struct and no scalar, but have a size: fd_set, pointer. */
const bytesLike = (type: { prototype?: unknown; size?: unknown }): boolean =>
  typeof type.size === 'number' && typeof type.prototype === 'object';

/** `offsetof(type, field)`, in bytes. @throws TypeError for a type other than a struct, or a field that it lacks. */
export const offsetof = <T>(type: StructType<T>, field: Exclude<keyof T, keyof Pointee> & string): number => {
  const fields = typeof type === 'function' ? (type as StructType<T>)[FIELDS] : undefined;
  if (fields === undefined) throw wrongArgument('offsetof', 1, 'type', 'a struct or union type', type);
  const place = fields.get(field);
  if (place === undefined) throw wrongArgument('offsetof', 2, 'field', `a field of ${type.name}`, field);
  return place.offset;
};
