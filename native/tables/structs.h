// Room: the structs. What the compiler says about the rows of structs.def.
#pragma once
#include <cstddef>
#include <cstdint>

// The layout stream, in the order of the rows and as long on every platform; -1 where this one lacks a row:
//   SCALAR, SCALAR_OF                  size, flags (1: signed, 2: floating)
//   STRUCT, UNION, TYPEDEF, INNER      size, alignment
//   F, A                               offset
//   BITS                               offset, shift, width: the value is (the declared type loaded at offset >> shift)
//   cut to width SIZE, SIZE_TYPEDEF                 size, alignment
// The memory is the module's own and lives as long as the process.
const int32_t *struct_layout();
size_t struct_layout_count();
