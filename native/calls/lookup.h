// Questions to the resolver and their answers, asked on this thread (netdb.cpp) or in the thread pool (lookup.cpp).
#pragma once
#include "arguments.h"
#include <string>
#include <vector>

// getaddrinfo(3).
class AddressLookup {
public:
  // The arguments (node, service, hints), copied: they outlive the call. Behind hints that are not null lib/ passes
  // their fields.
  explicit AddressLookup(Arguments &a);
  AddressLookup(const AddressLookup &) = delete;
  AddressLookup &operator=(const AddressLookup &) = delete;
  ~AddressLookup() {
    if (list != nullptr) ::freeaddrinfo(list);
  }
  void ask();
  // [ai_flags, ai_family, ai_socktype, ai_protocol, ai_addr, ai_canonname] for each, or [EAI code, errno] for a
  // failure.
  Napi::Value answer(Napi::Env env) const;

private:
  bool with_node = false, with_service = false, with_hints = false;
  std::string node_text, service_text;
  addrinfo hints = {};
  addrinfo *list = nullptr;
  int failure = 0, error = 0;
};

// getnameinfo(3), into buffers of its own.
class NameLookup {
public:
  // The arguments (addr, flags), copied.
  explicit NameLookup(Arguments &a);
  void ask();
  // [host, service], or [EAI code, errno] for a failure.
  Napi::Value answer(Napi::Env env) const;

private:
  std::vector<char> address;
  size_t length = 0;
  char host[NI_MAXHOST] = {}, service[NI_MAXSERV] = {};
  int flags = 0, failure = 0, error = 0;
};
