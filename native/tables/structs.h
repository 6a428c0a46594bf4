// The structs. What the compiler says about the rows of structs.def.
#pragma once
#include <cstddef>
#include <cstdint>

// Writes the layout stream: struct_layout_count() numbers in the order of the rows, as many on every platform. -1
// stands for a row that this platform lacks.
//   SCALAR, SCALAR_OF                  size, flags (1: signed, 2: floating)
//   STRUCT, UNION, TYPEDEF, INNER      size, alignment
//   F, A                               offset
//   BITS                               offset, shift, width: the value is the declared type loaded at `offset`, shifted
//                                      right by `shift` and cut to `width` bits
//   SIZE, SIZE_TYPEDEF                 size, alignment
void copy_struct_layout(int32_t *layout);
size_t struct_layout_count();
