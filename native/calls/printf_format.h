// printf's formatting. The C library formats: each conversion goes to its snprintf with an argument of exactly the type
// that the conversion names.
#pragma once
#include "arguments.h"
#include <string>

// The text of a format and of the values that follow in `a`. `error`: the caller's errno, for %m.
std::string format_text(Arguments &a, int error, const char *format);
