// The fingerprint of the tables and of the package's version. lib/ reads the tables' values by position, so it must
// have been made from the same tables: lib/addon/binding.ts compares the fingerprints when it loads the addon.
#pragma once

// "VERSION CONSTANTS STRUCTS HASH": the package's version, the number of rows of the constants' tables and of the
// structs', and the hash of their names, in hexadecimal. scripts/table-positions.mjs computes the same.
extern const char *const tables_fingerprint;
