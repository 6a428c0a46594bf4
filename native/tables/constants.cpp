// Room: the constants of the C library's headers: constants.def.
#include "constants_abi.h"
#include "constants_libc.h"
#include "constants_counts.h"
#include "constants.h"
#include "constants_rows.h"

// Macros that warn wherever they are used; the values of constants_abi.h do not.
#undef AI_IDN_ALLOW_UNASSIGNED
#undef AI_IDN_USE_STD3_ASCII_RULES
#undef NI_IDN_ALLOW_UNASSIGNED
#undef NI_IDN_USE_STD3_ASCII_RULES
#undef NOTE_EXIT_REPARENTED
#undef NOTE_REAP
#undef KEV_DL_MASTER_ELECTED

#if defined(__linux__) && !defined(__GLIBC__) // musl has only the plain names
#define F_GETLK64 F_GETLK
#define F_SETLK64 F_SETLK
#define F_SETLKW64 F_SETLKW
#define O_FSYNC O_SYNC
#endif

namespace abi {
namespace {

constexpr double values[] = {
#include "constants.def"
};

} // namespace
} // namespace abi

const ConstantTable constants_libc = {abi::values, sizeof(abi::values) / sizeof(double)};

#undef C
#undef L
#undef M
#undef C64
#define C(name)
#define L(name)
#define M(name)
#define C64(name) static_cast<uint64_t>(name),

const uint64_t constants64[] = {
#include "constants.def"
};

const size_t constants64_count = sizeof(constants64) / sizeof(uint64_t);
