// <sys/resource.h>.
#include "addon.h"
#include "call.h"

// int getrlimit(int resource, struct rlimit *rlim);
CALL(getrlimit) {
  int resource = a.i32("resource");
  Bytes rlim = a.out("rlim");
  return ret(
      ::getrlimit(static_cast<decltype(RLIMIT_NOFILE)>(resource), static_cast<rlimit *>(rlim.exactly(sizeof(rlimit)))));
}

// int setrlimit(int resource, const struct rlimit *rlim);
CALL(setrlimit) {
  int resource = a.i32("resource");
  Bytes rlim = a.out("rlim");
  return ret(
      ::setrlimit(static_cast<decltype(RLIMIT_NOFILE)>(resource), static_cast<rlimit *>(rlim.exactly(sizeof(rlimit)))));
}

void init_sys_resource(Napi::Object exports) {
  EXPORT(getrlimit);
  EXPORT(setrlimit);
}
