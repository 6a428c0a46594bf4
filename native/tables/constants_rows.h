// Room: what a row of a constants table becomes: an element of an array of doubles. L is not written as C: the argument
// would be expanded first. A row of the other platform is not looked at: its name need not exist here.
#include <limits>

#define C(name) static_cast<double>(name),
#if defined(__linux__)
#define L(name) static_cast<double>(name),
#define M(name) std::numeric_limits<double>::quiet_NaN(),
#else
#define L(name) std::numeric_limits<double>::quiet_NaN(),
#define M(name) static_cast<double>(name),
#endif
#define C64(name)
