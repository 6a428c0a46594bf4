// Room: the constants of the kernel's own headers: constants_kernel.def.
#include "constants_abi.h"
#include "constants_kernel.h"
#include "constants_counts.h"
#include "constants.h"
#include "constants_rows.h"

namespace abi {
namespace {

constexpr double values[] = {
#include "constants_kernel.def"
};

} // namespace
} // namespace abi

const ConstantTable constants_kernel = {abi::values, sizeof(abi::values) / sizeof(double)};
