// What becomes of a napi_status. Every one is looked at: a failure that is overlooked leaves an uninitialised result.
#pragma once
#include <napi.h>

// Throws the pending JavaScript exception, or an Error with Node-API's own text.
inline void check(napi_env env, napi_status status) {
  if (status != napi_ok) throw Napi::Error::New(env);
}

// For calls that fail only if the addon is broken, in functions that cannot throw.
inline void require_ok(napi_status status, const char *call) {
  if (status != napi_ok) napi_fatal_error("bsd_sockets", NAPI_AUTO_LENGTH, call, NAPI_AUTO_LENGTH);
}
