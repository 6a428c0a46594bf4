// Room: the system's own structs, made of the generated tables.
import { array } from './array.js';
import { CODEC, type Codec, type CType, typeError } from './memory.js';
import { FIELDS, type Field, makeType, type StructType } from './struct.js';

/** A struct of the system's headers, laid out as the compiler says; -1 stands for what this platform lacks. */
export function systemStruct<T>(
  name: string,
  size: number,
  alignment: number,
  fields: () => readonly (readonly [name: string, type: CType, offset: number, count?: number])[],
  bitFields: () => readonly (readonly [
    name: string,
    type: CType,
    offset: number,
    shift: number,
    width: number,
  ])[] = () => [],
): StructType<T> {
  if (size < 0) return missingStruct(name);
  return makeType(name, size, alignment, () => {
    const placed = new Map<string, Field>();
    for (const [key, type, offset, count] of fields()) {
      if (offset >= 0) placed.set(key, { type: count === undefined ? type : (array(type, count) as CType), offset });
    }
    for (const [key, type, offset, shift, width] of bitFields()) {
      if (offset >= 0) placed.set(key, { type, offset, bits: { shift, width } });
    }
    return placed;
  });
}

function missingStruct<T>(name: string): StructType<T> {
  const refuse = (): never => {
    throw typeError(`${name}: this platform (${process.platform}) has no such struct`);
  };
  const codec: Codec<T> = { aggregate: true, get: refuse, set: refuse, init: refuse };
  class Missing {
    static readonly size = 0;
    static readonly alignment = 1;
    static readonly [FIELDS] = new Map<string, Field>();
    static readonly [CODEC] = codec;
    static at = refuse;
    constructor() {
      refuse();
    }
  }
  Object.defineProperty(Missing, 'name', { value: name });
  return Missing as unknown as StructType<T>;
}
