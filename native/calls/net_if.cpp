// <net/if.h>.
#include "addon.h"
#include "call.h"

// unsigned int if_nametoindex(const char *ifname); 0 is the failure: -errno here.
CALL(if_nametoindex) {
  Bytes ifname = a.in("ifname");
  ifname.exactly(1);
  unsigned index = ::if_nametoindex(ifname.text());
  return index == 0 ? -errno : static_cast<int64_t>(index);
}

// char *if_indextoname(unsigned int ifindex, char *ifname);
VALUE(if_indextoname) {
  unsigned ifindex = a.u32("ifindex");
  Bytes ifname = a.out("ifname");
  void *result = ifname.upto(IF_NAMESIZE);
  char name[IF_NAMESIZE];
  if (::if_indextoname(ifindex, name) == nullptr) throw Errno{errno};
  if (result != nullptr) memcpy(result, name, strlen(name) + 1);
  return Napi::String::New(a.env, name);
}

// struct if_nameindex *if_nameindex(void): [if_index, if_name, ...].
VALUE(if_nameindex) {
  struct if_nameindex *list = ::if_nameindex();
  if (list == nullptr) throw Errno{errno};
  Napi::Array result = Napi::Array::New(a.env);
  uint32_t length = 0;
  for (struct if_nameindex *entry = list; entry->if_index != 0 || entry->if_name != nullptr; entry++) {
    result.Set(length++, Napi::Number::New(a.env, entry->if_index));
    result.Set(length++, Napi::String::New(a.env, entry->if_name));
  }
  ::if_freenameindex(list);
  return result;
}

void init_net_if(Napi::Object exports) {
  EXPORT(if_nametoindex);
  EXPORT(if_indextoname);
  EXPORT(if_nameindex);
}
