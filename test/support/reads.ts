// How often a call reads the properties of its argument: a getter that gives another value the second time must not slip past a check.

/** A deep copy of plain objects and arrays whose properties count how often they are read. */
export function counted<T>(
  value: T,
  reads: Map<string, number> = new Map(),
  path = '',
): { value: T; reads: typeof reads } {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return { value, reads };
  const copy = Array.isArray(value) ? [] : {};
  for (const [key, property] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    const inner = counted(property, reads, at).value;
    reads.set(at, 0);
    Object.defineProperty(copy, key, {
      enumerable: true,
      configurable: true,
      get() {
        reads.set(at, reads.get(at)! + 1);
        return inner;
      },
    });
  }
  return { value: copy as T, reads };
}

/** The properties that a call does not read exactly once, with how often it reads them. */
export function misread<T>(argument: T, call: (argument: T) => unknown): Record<string, number> {
  const { value, reads } = counted(argument);
  call(value);
  return Object.fromEntries([...reads].filter(([, count]) => count !== 1));
}
