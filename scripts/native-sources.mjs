// Lists the C++ files of native/ and its folders, for the scripts that compile or lint them. (binding.gyp and CMakeLists.txt glob alike.)
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Paths below native/, such as `calls/fcntl.cpp`. */
export const nativeSources = readdirSync(fileURLToPath(new URL('../native', import.meta.url)), { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.cpp'))
  .sort();
