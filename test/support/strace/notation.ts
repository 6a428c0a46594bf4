// Reads strace's notation of arguments: strings, descriptors, nested lists.

/** `"text"`, or `"text"...` where strace cut it off. */
export const QUOTED = /"(?:[^"\\]|\\.)*"(?:\.\.\.)?/g;

/** Where the string that begins at `start` ends. */
function afterString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return text.startsWith('...', at + 1) ? at + 4 : at + 1;
}

/** Where the description of a descriptor, `<TCP:[127.0.0.1:80->127.0.0.1:5]>` for one, that begins at `start` ends. */
function afterDescription(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '"') at = afterString(text, at) - 1;
    else if (text.startsWith('->', at)) at++;
    else if (text[at] === '<') depth++;
    else if (text[at] === '>' && --depth === 0) return at + 1;
  }
  return text.length;
}

const isDescription = (text: string, at: number): boolean => text[at] === '<' && /\d/.test(text[at - 1] ?? '');

/** The places of `wanted` that stand outside of strings, descriptions and brackets; the first one ends the search if `once`. */
function places(text: string, wanted: string, once: boolean): number[] {
  const found: number[] = [];
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (depth === 0 && character === wanted) {
      found.push(at);
      if (once) return found;
    }
    if (character === '"') at = afterString(text, at) - 1;
    else if (isDescription(text, at)) at = afterDescription(text, at) - 1;
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
  }
  return found;
}

/** Where the bracket that closes a call's arguments stands; -1 if there is none. */
export const closing = (text: string): number => places(text, ')', true)[0] ?? -1;

/** Splits `3, {a=1, b=2}, "x, y"` at its outer commas. */
export function split(text: string): string[] {
  if (text === '') return [];
  const ends = [...places(text, ',', false), text.length];
  return ends.map((end, i) => text.slice(i === 0 ? 0 : ends[i - 1]! + 1, end).trim());
}

/** Replaces only what stands outside of strings. */
export function outsideStrings(text: string, replace: (part: string) => string): string {
  const strings = text.match(QUOTED) ?? [];
  return text.split(QUOTED).reduce((sum, part, i) => sum + replace(part) + (strings[i] ?? ''), '');
}

/** A descriptor in a text: its number, and what strace says it is. */
export interface Descriptor {
  readonly number: number;
  readonly description: string;
}

/** Replaces each descriptor that strace describes, `3<TCP:[55850]>`, wherever it stands outside of strings. */
export function replaceDescriptors(text: string, replace: (descriptor: Descriptor) => string): string {
  let out = '';
  let done = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') at = afterString(text, at) - 1;
    else if (isDescription(text, at)) {
      const number = /\d+$/.exec(text.slice(done, at))![0];
      const end = afterDescription(text, at);
      out += text.slice(done, at - number.length);
      out += replace({ number: Number(number), description: text.slice(at + 1, end - 1) });
      done = end;
      at = end - 1;
    }
  }
  return out + text.slice(done);
}

export function descriptorsIn(text: string): Descriptor[] {
  const found: Descriptor[] = [];
  replaceDescriptors(text, (descriptor) => {
    found.push(descriptor);
    return '';
  });
  return found;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v' };

/** The bytes of a string as strace prints it, one character each. */
export function unquote(quoted: string): string {
  const inner = quoted.replace(/\.\.\.$/, '').slice(1, -1);
  return inner.replace(/\\(x[0-9a-f]{2}|[0-7]{1,3}|.)/g, (_, code: string) => {
    if (code[0] === 'x') return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/[0-7]/.test(code[0]!)) return String.fromCharCode(Number.parseInt(code, 8));
    return ESCAPES[code] ?? code;
  });
}

/** A string with these bytes. Each byte has one notation, whatever stands next to it. */
export function quote(bytes: string): string {
  const hex = (byte: string): string => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
  return `"${bytes.replace(/["\\]/g, '\\$&').replace(/[^\x20-\x7e]/g, hex)}"`;
}
