// Room: structs that hold pointers. They have no bytes of their own: a pointer field refers to its object.
import { shown, typeError } from '../ctypes/index.js';

/** The base of `iovec`, `hostent` and their kin: plain classes with C's field names. */
export abstract class PointerStruct {
  /** `new T({ field: value })`, and the copy of another instance. @throws TypeError for a field that is not there. */
  protected assign(init: object | undefined): void {
    if (init === undefined) return;
    if (typeof init !== 'object' || init === null) {
      throw typeError(`${this.constructor.name}: the initialiser must be an object of its fields, got ${shown(init)}`);
    }
    for (const [key, value] of Object.entries(init)) {
      if (!(key in this)) throw typeError(`${this.constructor.name}: there is no field '${key}'`);
      (this as unknown as Record<string, unknown>)[key] = value;
    }
  }
}

/** `memset(x, 0, sizeof(x))`: every field as in a new instance. */
export function reset(struct: PointerStruct): void {
  Object.assign(struct, new (struct.constructor as new () => PointerStruct)());
}

/** The static `size` of such a class: C's sizeof. */
export const pointerStructSize = (type: unknown): number | undefined =>
  typeof type === 'function' && type.prototype instanceof PointerStruct
    ? (type as unknown as { size: number }).size
    : undefined;
