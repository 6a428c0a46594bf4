// <netdb.h>. The reentrant forms, where the plain ones share a buffer between threads.
#include "addon.h"
#include "call.h"
#include "lists.h"
#include "lookup.h"
#include "mutex.h"

namespace {
// [h_name, h_aliases, h_addrtype, h_length, h_addr_list]; [h_errno, errno] for a failure.
Napi::Value host_entry(Napi::Env env, const hostent *host, int h_error) {
  Napi::Array result = Napi::Array::New(env);
  if (host == nullptr) {
    int error = errno;
    result.Set(0u, Napi::Number::New(env, h_error));
    result.Set(1u, Napi::Number::New(env, error));
    return result;
  }
  Napi::Array addresses = Napi::Array::New(env);
  for (uint32_t i = 0; host->h_addr_list[i] != nullptr; i++) {
    addresses.Set(i, bytes_of(env, host->h_addr_list[i], static_cast<size_t>(host->h_length)));
  }
  result.Set(0u, Napi::String::New(env, host->h_name));
  result.Set(1u, text_list(env, host->h_aliases));
  result.Set(2u, Napi::Number::New(env, host->h_addrtype));
  result.Set(3u, Napi::Number::New(env, host->h_length));
  result.Set(4u, addresses);
  return result;
}

#if defined(__linux__)
// Asks with a buffer that grows until the answer fits.
template <typename Ask> Napi::Value ask_host(Napi::Env env, Ask ask) {
  std::vector<char> buffer(1024);
  for (;;) {
    hostent entry, *host = nullptr;
    int h_error = 0;
    int failure = ask(&entry, buffer.data(), buffer.size(), &host, &h_error);
    if (failure == ERANGE) {
      buffer.resize(buffer.size() * 4);
      continue;
    }
    return host_entry(env, host, h_error);
  }
}
#endif

Napi::Value host_by_name(Napi::Env env, const Bytes &name, int af) {
  name.exactly(1);
  const char *text = name.text();
#if defined(__linux__)
  return ask_host(env, [&](hostent *entry, char *buffer, size_t size, hostent **host, int *h_error) {
    return ::gethostbyname2_r(text, af, entry, buffer, size, host, h_error);
  });
#else
  const hostent *host = ::gethostbyname2(text, af); // Apple's keeps its buffer per thread
  return host_entry(env, host, h_errno);
#endif
}
} // namespace

// struct hostent *gethostbyname(const char *name);
VALUE(gethostbyname) { return host_by_name(a.env, a.in("name"), AF_INET); }

// struct hostent *gethostbyname2(const char *name, int af);
VALUE(gethostbyname2) {
  Bytes name = a.in("name");
  return host_by_name(a.env, name, a.i32("af"));
}

// struct hostent *gethostbyaddr(const void *addr, socklen_t len, int type);
VALUE(gethostbyaddr) {
  Bytes addr = a.in("addr");
  socklen_t len = a.u32("len");
  int type = a.i32("type");
  void *address = addr.exactly(len);
#if defined(__linux__)
  return ask_host(a.env, [&](hostent *entry, char *buffer, size_t size, hostent **host, int *h_error) {
    return ::gethostbyaddr_r(address, len, type, entry, buffer, size, host, h_error);
  });
#else
  const hostent *host = ::gethostbyaddr(address, len, type);
  return host_entry(a.env, host, h_errno);
#endif
}

// const char *hstrerror(int err);
VALUE(hstrerror) { return Napi::String::New(a.env, ::hstrerror(a.i32("err"))); }

// int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **res);
VALUE(getaddrinfo) {
  AddressLookup lookup(a);
  lookup.ask();
  return lookup.answer(a.env);
}

// int getnameinfo(const struct sockaddr *addr, socklen_t addrlen, char *host, socklen_t hostlen, char *serv, socklen_t
//                 servlen, int flags): [EAI code, errno].
VALUE(getnameinfo) {
  Bytes addr = a.in("addr");
  socklen_t addrlen = a.u32("addrlen");
  Bytes host = a.out("host");
  size_t hostlen = a.size("hostlen");
  Bytes serv = a.out("serv");
  size_t servlen = a.size("servlen");
  int flags = a.i32("flags");
  // A copy with zeros behind it: C libraries look at the family, and for a Unix path's NUL, before they look at
  // addrlen.
  const void *memory = addr.upto(addrlen);
  char copy[sizeof(sockaddr_storage) + 1] = {};
  if (memory != nullptr) memcpy(copy, memory, addrlen < sizeof(sockaddr_storage) ? addrlen : sizeof(sockaddr_storage));
  const sockaddr *address = memory == nullptr ? nullptr : reinterpret_cast<const sockaddr *>(copy);
  char *host_memory = static_cast<char *>(host.upto(hostlen)), *serv_memory = static_cast<char *>(serv.upto(servlen));
  // musl follows the null pointer.
  int failure = address == nullptr ? EAI_FAMILY
                                   : ::getnameinfo(address, addrlen, host_memory, static_cast<socklen_t>(hostlen),
                                                   serv_memory, static_cast<socklen_t>(servlen), flags);
  int error = errno;
  Napi::Array result = Napi::Array::New(a.env, 2);
  result.Set(0u, Napi::Number::New(a.env, failure));
  result.Set(1u, Napi::Number::New(a.env, error));
  return result;
}

// const char *gai_strerror(int errcode);
VALUE(gai_strerror) { return Napi::String::New(a.env, ::gai_strerror(a.i32("errcode"))); }

namespace {
// The databases' functions share static memory.
Mutex database;

Napi::Value service_entry(Napi::Env env, const servent *entry) {
  if (entry == nullptr) return env.Null();
  Napi::Array result = Napi::Array::New(env);
  result.Set(0u, text_or_null(env, entry->s_name));
  result.Set(1u, text_list(env, entry->s_aliases));
  result.Set(2u, Napi::Number::New(env, entry->s_port));
  result.Set(3u, text_or_null(env, entry->s_proto));
  return result;
}

Napi::Value protocol_entry(Napi::Env env, const protoent *entry) {
  if (entry == nullptr) return env.Null();
  Napi::Array result = Napi::Array::New(env);
  result.Set(0u, text_or_null(env, entry->p_name));
  result.Set(1u, text_list(env, entry->p_aliases));
  result.Set(2u, Napi::Number::New(env, entry->p_proto));
  return result;
}
} // namespace

// struct servent *getservbyname(const char *name, const char *proto);
VALUE(getservbyname) {
  Bytes name = a.in("name"), proto = a.in("proto");
  name.exactly(1);
  Lock lock(database);
  return service_entry(a.env, ::getservbyname(name.text(), proto.text()));
}

// struct servent *getservbyport(int port, const char *proto);
VALUE(getservbyport) {
  int port = a.i32("port");
  Bytes proto = a.in("proto");
  Lock lock(database);
  return service_entry(a.env, ::getservbyport(port, proto.text()));
}

// struct servent *getservent(void);
VALUE(getservent) {
  Lock lock(database);
  return service_entry(a.env, ::getservent());
}

// struct protoent *getprotobyname(const char *name);
VALUE(getprotobyname) {
  Bytes name = a.in("name");
  name.exactly(1);
  Lock lock(database);
  return protocol_entry(a.env, ::getprotobyname(name.text()));
}

// struct protoent *getprotobynumber(int proto);
VALUE(getprotobynumber) {
  int proto = a.i32("proto");
  Lock lock(database);
  return protocol_entry(a.env, ::getprotobynumber(proto));
}

// struct protoent *getprotoent(void);
VALUE(getprotoent) {
  Lock lock(database);
  return protocol_entry(a.env, ::getprotoent());
}

void init_netdb(Napi::Object exports) {
  EXPORT(gethostbyname);
  EXPORT(gethostbyname2);
  EXPORT(gethostbyaddr);
  EXPORT(hstrerror);
  EXPORT(getaddrinfo);
  EXPORT(getnameinfo);
  EXPORT(gai_strerror);
  EXPORT(getservbyname);
  EXPORT(getservbyport);
  EXPORT(getservent);
  EXPORT(getprotobyname);
  EXPORT(getprotobynumber);
  EXPORT(getprotoent);
}
