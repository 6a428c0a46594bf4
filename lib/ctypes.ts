// Room: C's types in JavaScript: scalars, structs, unions, arrays, and the memory behind them.
export * from './ctypes/array.js';
export * from './ctypes/memory.js';
export * from './ctypes/scalar.js';
export * from './ctypes/struct.js';
export * from './ctypes/system.js';
