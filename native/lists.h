// What the C library returns by pointer, as JavaScript values: addresses, texts.
#pragma once
#include "bytes.h"
#include <napi.h>
#if defined(__linux__)
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#endif

inline Napi::Value text_or_null(Napi::Env env, const char *text) {
  return text == nullptr ? env.Null() : static_cast<Napi::Value>(Napi::String::New(env, text));
}

inline Napi::Value text_list(Napi::Env env, char **list) {
  Napi::Array result = Napi::Array::New(env);
  for (uint32_t i = 0; list != nullptr && list[i] != nullptr; i++) result.Set(i, Napi::String::New(env, list[i]));
  return result;
}

inline Napi::Value bytes_of(Napi::Env env, const void *bytes, size_t length) {
  Napi::Uint8Array result = Napi::Uint8Array::New(env, length);
  memcpy(result.Data(), bytes, length);
  return result;
}

// How many bytes an address has whose length nobody says.
inline size_t sockaddr_bytes(const sockaddr *address) {
#ifdef AF_LINK // BSD: it says so itself
  return address->sa_len;
#else
  switch (address->sa_family) {
  case AF_INET:
    return sizeof(sockaddr_in);
  case AF_INET6:
    return sizeof(sockaddr_in6);
  case AF_PACKET:
    return sizeof(sockaddr_ll);
  case AF_NETLINK:
    return sizeof(sockaddr_nl);
  default:
    return sizeof(sockaddr);
  }
#endif
}

inline Napi::Value address_or_null(Napi::Env env, const sockaddr *address) {
  return address == nullptr ? env.Null() : bytes_of(env, address, sockaddr_bytes(address));
}
