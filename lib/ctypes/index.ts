// Room: C's types in JavaScript: scalars, structs, unions, arrays, and the memory behind them.
export * from './array.js';
export * from './memory.js';
export * from './scalar.js';
export * from './struct.js';
export * from './system.js';
