// <stdlib.h>.
#include "addon.h"
#include "call.h"

// void abort(void);
CALL(abort) { ::abort(); }

void init_stdlib(Napi::Object exports) { EXPORT(abort); }
