// Room: what an environment owns. A worker that is terminated runs no JavaScript any more: what its sockets had open is
// closed here.
#include "addon.h"
#include "call.h"

namespace {
// lib/descriptors.ts sets byte `fd` of the table while an object of its owns that descriptor. SAFETY: the table is the
// module's own array buffer, which nobody transfers; the reference keeps it alive until the environment is gone.
struct Table {
  Napi::Reference<Napi::Uint8Array> reference;
  uint8_t *bytes = nullptr;
  size_t length = 0;
};

void close_all(void *data) {
  const Table *table = static_cast<Table *>(data);
  for (size_t fd = 0; fd < table->length; fd++) {
    if (table->bytes[fd] != 0) ::close(static_cast<int>(fd));
  }
}
} // namespace

// Names the table; a larger one takes the place of the one before. `worker`: the process goes on after this
// environment.
CALL(own_table) {
  Napi::Value value(a.env, a.next());
  bool worker = a.i32("worker") != 0;
  if (!value.IsTypedArray()) return -EINVAL;
  Napi::Uint8Array array = value.As<Napi::Uint8Array>();
  Table *table = a.env.GetInstanceData<Table>();
  if (table == nullptr) {
    table = new Table;
    a.env.SetInstanceData(table); // deleted with the environment, after its hooks
    if (worker) napi_add_env_cleanup_hook(a.env, close_all, table);
  }
  table->reference = Napi::Persistent(array);
  table->bytes = array.Data();
  table->length = array.ElementLength();
  return 0;
}

void init_descriptors(Napi::Object exports) { EXPORT(own_table); }
