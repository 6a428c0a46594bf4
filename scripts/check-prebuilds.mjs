// Checks that prebuilds/ holds every published binary, no other file, and that each is fit for its platform (scripts/read-binary.mjs).
// `node scripts/check-prebuilds.mjs [FOLDER]`: FOLDER holds prebuilds/; the package by default.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import { BINARIES, readBinary } from './read-binary.mjs';

const folder = join(argv[2] ?? fileURLToPath(new URL('..', import.meta.url)), 'prebuilds');
const found = existsSync(folder)
  ? readdirSync(folder, { recursive: true })
      .map(String)
      .filter((file) => statSync(join(folder, file)).isFile())
  : [];

const complaints = [
  ...Object.keys(BINARIES).flatMap((file) => (found.includes(file) ? [] : `prebuilds/${file} is missing`)),
  ...found.flatMap((file) => (file in BINARIES ? [] : `prebuilds/${file} is not among the published binaries`)),
];
// Only a complete set is read: that needs LLVM's tools.
for (const [file, wanted] of complaints.length === 0 ? Object.entries(BINARIES) : []) {
  const faults = readBinary(join(folder, file), wanted);
  complaints.push(...faults.map((fault) => `prebuilds/${file} ${fault}`));
  if (faults.length === 0)
    console.log(`prebuilds/${file} is fit to be published (${statSync(join(folder, file)).size} bytes)`);
}
for (const complaint of complaints) console.error(complaint);
exit(complaints.length === 0 ? 0 : 1);
