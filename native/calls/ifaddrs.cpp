// <ifaddrs.h>.
#include "addon.h"
#include "call.h"
#include "lists.h"
#include <ifaddrs.h>
#if defined(__linux__)
#include <linux/if_link.h>
#endif

// What stands behind ifa_data: the link's statistics, or nothing.
static Napi::Value data_of(Napi::Env env, const ifaddrs *entry) {
  if (entry->ifa_data == nullptr || entry->ifa_addr == nullptr) return env.Null();
#if defined(__linux__)
  if (entry->ifa_addr->sa_family == AF_PACKET) return bytes_of(env, entry->ifa_data, sizeof(rtnl_link_stats));
#else
  if (entry->ifa_addr->sa_family == AF_LINK) return bytes_of(env, entry->ifa_data, sizeof(if_data));
#endif
  return env.Null();
}

// int getifaddrs(struct ifaddrs **ifap): [ifa_name, ifa_flags, ifa_addr, ifa_netmask, ifa_dstaddr, ifa_data] for each.
VALUE(getifaddrs) {
  ifaddrs *list;
  if (::getifaddrs(&list) < 0) throw Errno{errno};
  Napi::Array result = Napi::Array::New(a.env);
  uint32_t length = 0;
  for (ifaddrs *entry = list; entry != nullptr; entry = entry->ifa_next) {
    Napi::Array fields = Napi::Array::New(a.env);
    fields.Set(0u, text_or_null(a.env, entry->ifa_name));
    fields.Set(1u, Napi::Number::New(a.env, entry->ifa_flags));
    fields.Set(2u, address_or_null(a.env, entry->ifa_addr));
    fields.Set(3u, address_or_null(a.env, entry->ifa_netmask));
    fields.Set(4u, address_or_null(a.env, entry->ifa_dstaddr)); // the same memory as ifa_broadaddr
    fields.Set(5u, data_of(a.env, entry));
    result.Set(length++, fields);
  }
  ::freeifaddrs(list);
  return result;
}

void init_ifaddrs(Napi::Object exports) { EXPORT(getifaddrs); }
