// Room: pointers to pointers.
import { size_t } from '../generated/structs.js';

/** The null pointer. */
export const NULL = null;

/** `T *`, for the `T **` by which C gives something back: `new pointer<addrinfo>()`, then `.value`. */
export class pointer<T> {
  /** `sizeof(void *)`. */
  static readonly size: number = size_t.size;
  /** What it points to. */
  value: T | null;

  constructor(value: T | null = null) {
    this.value = value;
  }
}
