// <string.h>. The functions on memory are lib/'s own.
#include "addon.h"
#include "call.h"

// char *strerror(int errnum);
VALUE(strerror) {
  int errnum = a.i32("errnum");
  char buffer[128]; // the plain one's is shared by threads
#if defined(__GLIBC__)
  return Napi::String::New(a.env, strerror_r(errnum, buffer, sizeof buffer));
#else
  if (strerror_r(errnum, buffer, sizeof buffer) != 0 && buffer[0] == '\0')
    snprintf(buffer, sizeof buffer, "Unknown error: %d", errnum);
  return Napi::String::New(a.env, buffer);
#endif
}

void init_string(Napi::Object exports) { EXPORT(strerror); }
