// Room: the constants by name, as numbers: what the tables constants.def and constants_kernel.def say, in that order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

/** One table. A value is NaN if this platform lacks the constant. */
struct ConstantTable {
  const double *values;
  size_t count;
};

extern const ConstantTable constants_libc;
extern const ConstantTable constants_kernel;

/** The rows marked 64, all of them in constants.def. */
extern const uint64_t constants64[];
extern const size_t constants64_count;

inline size_t constant_count() { return constants_libc.count + constants_kernel.count; }

/** Fills `to`, of `constant_count()` elements, in the order of lib/generated/constants.ts. */
inline void copy_constants(double *to) {
  std::copy_n(constants_libc.values, constants_libc.count, to);
  std::copy_n(constants_kernel.values, constants_kernel.count, to + constants_libc.count);
}
