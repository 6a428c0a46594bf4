// Room: <netdb.h>. The reentrant forms, where the plain ones share a buffer between threads.
#include "addon.h"
#include "lists.h"

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

void init_netdb(Napi::Object exports) {
  EXPORT(gethostbyname);
  EXPORT(gethostbyname2);
  EXPORT(gethostbyaddr);
  EXPORT(hstrerror);
}
