// Questions to the resolver, and those that are asked in the thread pool: for bsd-sockets/promises.
#include "lookup.h"
#include "addon.h"
#include "call.h"
#include "lists.h"
#include "status.h"
#include <memory>

AddressLookup::AddressLookup(Arguments &a) {
  Bytes node = a.in("node"), service = a.in("service");
  napi_value value = a.next();
  with_hints = a.left() > 0;
  if (with_hints) {
    Arguments::Part part(a, 3);
    hints.ai_flags = a.i32("ai_flags");
    hints.ai_family = a.i32("ai_family");
    hints.ai_socktype = a.i32("ai_socktype");
    hints.ai_protocol = a.i32("ai_protocol");
  } else {
    Bytes none;
    if (!none.take(a.env, value, false) || !none.null()) a.wrong("hints", "an addrinfo or null", value);
  }
  with_node = !node.null();
  if (with_node) node_text = node.text();
  with_service = !service.null();
  if (with_service) service_text = service.text();
}

void AddressLookup::ask() {
  failure = ::getaddrinfo(with_node ? node_text.c_str() : nullptr, with_service ? service_text.c_str() : nullptr,
                          with_hints ? &hints : nullptr, &list);
  error = errno;
}

Napi::Value AddressLookup::answer(Napi::Env env) const {
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

NameLookup::NameLookup(Arguments &a) {
  Bytes addr = a.in("addr");
  flags = a.i32("flags");
  const char *bytes = static_cast<const char *>(addr.exactly(1));
  length = addr.length();
  address.assign(bytes, bytes + length);
  address.resize(length + sizeof(sockaddr_storage)); // a Unix path may have no NUL of its own
}

void NameLookup::ask() {
  failure = ::getnameinfo(reinterpret_cast<const sockaddr *>(address.data()), static_cast<socklen_t>(length), host,
                          sizeof host, service, sizeof service, flags);
  error = errno;
}

Napi::Value NameLookup::answer(Napi::Env env) const {
  Napi::Array result = Napi::Array::New(env, 2);
  if (failure != 0) {
    result.Set(0u, Napi::Number::New(env, failure));
    result.Set(1u, Napi::Number::New(env, error));
  } else {
    result.Set(0u, Napi::String::New(env, host));
    result.Set(1u, Napi::String::New(env, service));
  }
  return result;
}

namespace {
// A question in the thread pool; its promise resolves with the answer.
template <typename Question> class PooledQuestion final : public Napi::AsyncWorker {
public:
  explicit PooledQuestion(Arguments &a)
      : Napi::AsyncWorker(a.env, "bsd_sockets.lookup"), question(a), deferred(a.env) {}
  Napi::Promise promise() const { return deferred.Promise(); }
  // JavaScript may cancel the question as long as this lives.
  std::shared_ptr<PooledQuestion *> self = std::make_shared<PooledQuestion *>(this);

protected:
  void Execute() override { question.ask(); }
  void OnOK() override { deferred.Resolve(question.answer(Env())); }
  void OnError(const Napi::Error &e) override { deferred.Reject(e.Value()); }
  void OnWorkComplete(Napi::Env environment, napi_status status) override {
    Napi::HandleScope scope(environment);
    if (status == napi_cancelled) {
      try {
        deferred.Resolve(environment.Undefined()); // no one awaits it: this frees the deferred
      } catch (const Napi::Error &) {}             // the environment is ending
    }
    AsyncWorker::OnWorkComplete(environment, status);
  }

private:
  Question question;
  Napi::Promise::Deferred deferred;
};

// [promise, cancel]
template <typename Question> Napi::Value ask_later(Arguments &a) {
  auto *pooled = new PooledQuestion<Question>(a);
  auto cancel = [weak = std::weak_ptr<PooledQuestion<Question> *>(pooled->self)](const Napi::CallbackInfo &info) {
    auto alive = weak.lock();
    if (!alive) return;
    napi_status status = napi_cancel_async_work(info.Env(), **alive);
    if (status != napi_generic_failure) check(info.Env(), status); // else a thread has begun: too late to cancel
  };
  Napi::Array result = Napi::Array::New(a.env, 2);
  result.Set(0u, pooled->promise());
  result.Set(1u, Napi::Function::New(a.env, cancel));
  pooled->Queue();
  return result;
}
} // namespace

VALUE(getaddrinfo_later) { return ask_later<AddressLookup>(a); }
VALUE(getnameinfo_later) { return ask_later<NameLookup>(a); }

void init_lookup(Napi::Object exports) {
  EXPORT(getaddrinfo_later);
  EXPORT(getnameinfo_later);
}
