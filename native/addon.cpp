// The addon's entry: exports the functions of all files, the tables and the registers. Runs once in each environment
// (the main thread, each worker).
#include "addon.h"
#include "fast_call.h"
#include "tables/constants.h"
#include "tables/fingerprint.h"
#include "tables/structs.h"

thread_local Registers *fast_registers = nullptr;

static Napi::Object init(Napi::Env env, Napi::Object exports) {
  // JavaScript owns the registers' memory; the exports keep it alive as long as the functions that point to it.
  Napi::Int32Array registers = Napi::Int32Array::New(env, sizeof(Registers) / sizeof(int32_t));
  fast_registers = reinterpret_cast<Registers *>(registers.Data());
  exports.Set("regs", registers);

  exports.Set("fingerprint", tables_fingerprint);
  Napi::Float64Array constants = Napi::Float64Array::New(env, constant_count());
  copy_constants(constants.Data());
  exports.Set("constants", constants);
  Napi::BigUint64Array wide = Napi::BigUint64Array::New(env, constants64_count);
  std::copy_n(constants64, constants64_count, wide.Data());
  exports.Set("constants64", wide);
  Napi::Int32Array layout = Napi::Int32Array::New(env, struct_layout_count());
  copy_struct_layout(layout.Data());
  exports.Set("layout", layout);

  init_sys_socket(exports);
  init_batch(exports);
  init_ownership(exports);
  init_events(exports);
  init_sys_epoll(exports);
  init_sys_event(exports);
  init_sys_ioctl(exports);
  init_sys_sendfile(exports);
  init_net_if(exports);
  init_ifaddrs(exports);
  init_lookup(exports);
  init_sys_uio(exports);
  init_sys_select(exports);
  init_sys_resource(exports);
  init_unistd(exports);
  init_fcntl(exports);
  init_poll(exports);
  init_arpa_inet(exports);
  init_netdb(exports);
  init_signal(exports);
  init_stdio(exports);
  init_stdlib(exports);
  init_string(exports);
  return exports;
}

NODE_API_MODULE(bsd_sockets, init)
