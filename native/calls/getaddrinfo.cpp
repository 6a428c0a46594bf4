// Room: getaddrinfo and getnameinfo, and the databases of services and protocols, of <netdb.h>.
#include "addon.h"
#include "lists.h"
#include <mutex>

namespace {
// A question to the resolver and its answer: asked on this thread, or in the thread pool.
class Lookup {
public:
  // The arguments (node, service, hints), copied: they outlive the call.
  explicit Lookup(Args &a) {
    Bytes node = a.in("node"), service = a.in("service");
    with_hints = !a.null();
    if (with_hints) {
      Args fields = a.fields("hints", "an addrinfo");
      hints.ai_flags = fields.i32("ai_flags");
      hints.ai_family = fields.i32("ai_family");
      hints.ai_socktype = fields.i32("ai_socktype");
      hints.ai_protocol = fields.i32("ai_protocol");
    }
    with_node = !node.null();
    if (with_node) node_text = node.text();
    with_service = !service.null();
    if (with_service) service_text = service.text();
  }
  Lookup(const Lookup &) = delete;
  Lookup &operator=(const Lookup &) = delete;
  ~Lookup() {
    if (list != nullptr) ::freeaddrinfo(list);
  }

  void ask() {
    failure = ::getaddrinfo(with_node ? node_text.c_str() : nullptr, with_service ? service_text.c_str() : nullptr,
                            with_hints ? &hints : nullptr, &list);
    error = errno;
  }

  // [ai_flags, ai_family, ai_socktype, ai_protocol, ai_addr, ai_canonname] for each, or [EAI code, errno] for a
  // failure.
  Napi::Value answer(Napi::Env env) const {
    Napi::Array result = Napi::Array::New(env);
    if (failure != 0) {
      result.Set(0u, Napi::Number::New(env, failure));
      result.Set(1u, Napi::Number::New(env, error));
      return result;
    }
    uint32_t length = 0;
    for (addrinfo *entry = list; entry != nullptr; entry = entry->ai_next) {
      Napi::Array fields = Napi::Array::New(env);
      fields.Set(0u, Napi::Number::New(env, entry->ai_flags));
      fields.Set(1u, Napi::Number::New(env, entry->ai_family));
      fields.Set(2u, Napi::Number::New(env, entry->ai_socktype));
      fields.Set(3u, Napi::Number::New(env, entry->ai_protocol));
      fields.Set(4u, bytes_of(env, entry->ai_addr, entry->ai_addrlen));
      fields.Set(5u, text_or_null(env, entry->ai_canonname));
      result.Set(length++, fields);
    }
    return result;
  }

private:
  bool with_node = false, with_service = false, with_hints = false;
  std::string node_text, service_text;
  addrinfo hints = {};
  addrinfo *list = nullptr;
  int failure = 0, error = 0;
};

// getnameinfo into buffers of its own, for the thread pool.
class NameLookup {
public:
  explicit NameLookup(Args &a) {
    Bytes addr = a.in("addr");
    flags = a.i32("flags");
    const char *bytes = static_cast<const char *>(addr.exactly(1));
    length = addr.length();
    address.assign(bytes, bytes + length);
    address.resize(length + sizeof(sockaddr_storage)); // a Unix path may have no NUL of its own
  }
  void ask() {
    failure = ::getnameinfo(reinterpret_cast<const sockaddr *>(address.data()), static_cast<socklen_t>(length), host,
                            sizeof host, service, sizeof service, flags);
    error = errno;
  }
  // [host, service], or [EAI code, errno] for a failure.
  Napi::Value answer(Napi::Env env) const {
    Napi::Array result = Napi::Array::New(env, 2);
    result.Set(0u,
               failure == 0 ? static_cast<Napi::Value>(Napi::String::New(env, host)) : Napi::Number::New(env, failure));
    result.Set(1u, failure == 0 ? static_cast<Napi::Value>(Napi::String::New(env, service))
                                : Napi::Number::New(env, error));
    return result;
  }

private:
  std::vector<char> address;
  size_t length = 0;
  char host[NI_MAXHOST] = {}, service[NI_MAXSERV] = {};
  int flags = 0, failure = 0, error = 0;
};

// A question in the thread pool; its promise resolves with the answer.
template <typename Question> class Asking final : public Napi::AsyncWorker {
public:
  explicit Asking(Args &a) : Napi::AsyncWorker(a.env, "bsd_sockets.lookup"), question(a), deferred(a.env) {}
  Napi::Promise promise() const { return deferred.Promise(); }
  // JavaScript may take the question back as long as this lives.
  std::shared_ptr<Asking *> self = std::make_shared<Asking *>(this);

protected:
  void Execute() override { question.ask(); }
  void OnOK() override { deferred.Resolve(question.answer(Env())); }
  void OnError(const Napi::Error &e) override { deferred.Reject(e.Value()); }
  void OnWorkComplete(Napi::Env environment, napi_status status) override {
    Napi::HandleScope scope(environment);
    if (status == napi_cancelled) {
      try {
        deferred.Resolve(environment.Undefined()); // to nobody: the deferred is freed
      } catch (const Napi::Error &) {}             // the environment is ending
    }
    AsyncWorker::OnWorkComplete(environment, status);
  }

private:
  Question question;
  Napi::Promise::Deferred deferred;
};

// [promise, cancel]
template <typename Question> Napi::Value ask_later(Args &a) {
  auto *asking = new Asking<Question>(a);
  Napi::Array result = Napi::Array::New(a.env, 2);
  result.Set(0u, asking->promise());
  result.Set(1u, Napi::Function::New(
                     a.env, [asked = std::weak_ptr<Asking<Question> *>(asking->self)](const Napi::CallbackInfo &info) {
                       auto asker = asked.lock();
                       if (asker)
                         napi_cancel_async_work(info.Env(), **asker); // says whether it came in time: nobody asks
                     }));
  asking->Queue();
  return result;
}
} // namespace

// int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **res);
VALUE(getaddrinfo) {
  Lookup lookup(a);
  lookup.ask();
  return lookup.answer(a.env);
}
VALUE(getaddrinfo_later) { return ask_later<Lookup>(a); }
VALUE(getnameinfo_later) { return ask_later<NameLookup>(a); }

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
std::mutex database;

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
  std::lock_guard<std::mutex> lock(database);
  return service_entry(a.env, ::getservbyname(name.text(), proto.text()));
}

// struct servent *getservbyport(int port, const char *proto);
VALUE(getservbyport) {
  int port = a.i32("port");
  Bytes proto = a.in("proto");
  std::lock_guard<std::mutex> lock(database);
  return service_entry(a.env, ::getservbyport(port, proto.text()));
}

// struct servent *getservent(void);
VALUE(getservent) {
  std::lock_guard<std::mutex> lock(database);
  return service_entry(a.env, ::getservent());
}

// struct protoent *getprotobyname(const char *name);
VALUE(getprotobyname) {
  Bytes name = a.in("name");
  name.exactly(1);
  std::lock_guard<std::mutex> lock(database);
  return protocol_entry(a.env, ::getprotobyname(name.text()));
}

// struct protoent *getprotobynumber(int proto);
VALUE(getprotobynumber) {
  int proto = a.i32("proto");
  std::lock_guard<std::mutex> lock(database);
  return protocol_entry(a.env, ::getprotobynumber(proto));
}

// struct protoent *getprotoent(void);
VALUE(getprotoent) {
  std::lock_guard<std::mutex> lock(database);
  return protocol_entry(a.env, ::getprotoent());
}

void init_getaddrinfo(Napi::Object exports) {
  EXPORT(getaddrinfo);
  EXPORT(getnameinfo);
  EXPORT(getaddrinfo_later);
  EXPORT(getnameinfo_later);
  EXPORT(gai_strerror);
  EXPORT(getservbyname);
  EXPORT(getservbyport);
  EXPORT(getservent);
  EXPORT(getprotobyname);
  EXPORT(getprotobynumber);
  EXPORT(getprotoent);
}
