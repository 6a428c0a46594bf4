// Which C library runs this process, glibc or musl: an addon that was built for one cannot be loaded by the other. The answer is the dynamic
// loader that Node's own executable names (ELF's PT_INTERP, `/lib/ld-musl-x86_64.so.1`). No file of a distribution is asked, and neither is
// process.report, which takes milliseconds.
const { closeSync, openSync, readSync } = process.getBuiltinModule('node:fs');

/** Offsets in a 64-bit ELF header and in a program header, as elf(5) has them. */
const [E_PHOFF, E_PHENTSIZE, E_PHNUM, P_OFFSET, P_FILESZ] = [32, 54, 56, 8, 32];
const PT_INTERP = 3;
const MAGIC = 0x464c457f;

/** The loader that a little-endian 64-bit ELF executable asks for; '' for another file and for a static executable. */
export function interpreterOf(executable: string): string {
  const fd = openSync(executable, 'r');
  try {
    const read = (position: number, length: number): DataView => {
      const bytes = new Uint8Array(length);
      return new DataView(bytes.buffer, 0, readSync(fd, bytes, 0, length, position));
    };
    const start = read(0, 4096);
    if (start.byteLength < 64 || start.getUint32(0, true) !== MAGIC) return '';
    const table = Number(start.getBigUint64(E_PHOFF, true));
    const size = start.getUint16(E_PHENTSIZE, true);
    for (let i = 0; i < start.getUint16(E_PHNUM, true); i++) {
      const at = table + i * size;
      if (at + size > start.byteLength) break;
      if (start.getUint32(at, true) !== PT_INTERP) continue;
      const length = Math.min(4096, Number(start.getBigUint64(at + P_FILESZ, true)));
      const { buffer, byteLength } = read(Number(start.getBigUint64(at + P_OFFSET, true)), length);
      return new TextDecoder().decode(new Uint8Array(buffer, 0, byteLength)).split('\0', 1)[0] ?? '';
    }
    return '';
  } finally {
    closeSync(fd);
  }
}

/** Whether this process runs on musl. */
export function isMusl(): boolean {
  try {
    return interpreterOf(process.execPath).includes('/ld-musl-');
  } catch {
    return false; // the executable was removed or may not be read
  }
}
