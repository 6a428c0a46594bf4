// <arpa/inet.h>. Byte order is plain arithmetic and lives in lib/.
#include "addon.h"
#include "call.h"

// C reads the address by value: four bytes of the caller's memory.
static in_addr address_of(const Bytes &in) {
  in_addr address;
  memcpy(&address, in.exactly(sizeof address), sizeof address);
  return address;
}

// in_addr_t inet_addr(const char *cp);
CALL(inet_addr) {
  Bytes cp = a.in("cp");
  cp.exactly(1);
  return ::inet_addr(cp.text());
}

// int inet_aton(const char *cp, struct in_addr *inp);
CALL(inet_aton) {
  Bytes cp = a.in("cp"), inp = a.out("inp");
  cp.exactly(1);
  return ::inet_aton(cp.text(), static_cast<in_addr *>(inp.exactly(sizeof(in_addr))));
}

// in_addr_t inet_network(const char *cp);
CALL(inet_network) {
  Bytes cp = a.in("cp");
  cp.exactly(1);
  return ::inet_network(cp.text());
}

// struct in_addr inet_makeaddr(in_addr_t net, in_addr_t host): lib/ makes the struct of the number.
CALL(inet_makeaddr) {
  in_addr_t net = a.u32("net"), host = a.u32("host");
  return ::inet_makeaddr(net, host).s_addr;
}

// in_addr_t inet_lnaof(struct in_addr in);
CALL(inet_lnaof) {
  Bytes in = a.out("in");
  return ::inet_lnaof(address_of(in));
}

// in_addr_t inet_netof(struct in_addr in);
CALL(inet_netof) {
  Bytes in = a.out("in");
  return ::inet_netof(address_of(in));
}

// char *inet_ntoa(struct in_addr in);
VALUE(inet_ntoa) {
  Bytes in = a.out("in");
  in_addr address = address_of(in);
  char text[INET_ADDRSTRLEN]; // inet_ntoa's own buffer is shared by threads on some platforms
  return Napi::String::New(a.env, inet_ntop(AF_INET, &address, text, sizeof text));
}

static size_t address_bytes(int af) { return af == AF_INET ? sizeof(in_addr) : af == AF_INET6 ? sizeof(in6_addr) : 0; }

// int inet_pton(int af, const char *src, void *dst);
CALL(inet_pton) {
  int af = a.i32("af");
  Bytes src = a.in("src"), dst = a.out("dst");
  src.exactly(1);
  return ret(::inet_pton(af, src.text(), dst.exactly(address_bytes(af))));
}

// const char *inet_ntop(int af, const void *src, char *dst, socklen_t size);
VALUE(inet_ntop) {
  int af = a.i32("af");
  Bytes src = a.out("src"), dst = a.out("dst");
  size_t size = a.size("size"); // read as unsigned: -1 is larger than any memory
  char text[INET6_ADDRSTRLEN];
  void *address = src.exactly(address_bytes(af));
  void *result = dst.upto(size);
  socklen_t room = static_cast<socklen_t>(size < sizeof text ? size : sizeof text);
  if (::inet_ntop(af, address, text, room) == nullptr) throw Errno{errno};
  if (result != nullptr) memcpy(result, text, strlen(text) + 1);
  return Napi::String::New(a.env, text);
}

void init_arpa_inet(Napi::Object exports) {
  EXPORT(inet_addr);
  EXPORT(inet_aton);
  EXPORT(inet_network);
  EXPORT(inet_makeaddr);
  EXPORT(inet_lnaof);
  EXPORT(inet_netof);
  EXPORT(inet_ntoa);
  EXPORT(inet_pton);
  EXPORT(inet_ntop);
}
