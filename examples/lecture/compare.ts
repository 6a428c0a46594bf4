// Lecture: comparison. What two casts of the same play printed, numbers that vary aside; and what the claims saw.
import type { Claim } from './claims.js';
import type { Line, Transcript } from './play.js';

/** What a claim found in a transcript. */
export interface Observation {
  readonly ok: boolean;
  readonly value: string;
}

const rolesOf = (lines: readonly Line[]): string[] => [...new Set(lines.map(({ role }) => role))];

function textsOf(lines: readonly Line[], role: string): string[] {
  return lines.filter((line) => line.role === role).map(({ text }) => text);
}

/** The lines of one role, without those that are marked as varying, with ephemeral ports and descriptors blanked. */
function comparable(lines: readonly Line[], role: string): string[] {
  return textsOf(lines, role)
    .filter((text) => !text.startsWith('~ '))
    .map((text) => text.replace(/\b(port|descriptor) \d+/g, '$1 #'));
}

/** Where two transcripts differ: a few lines of text for each role that printed something else; empty if none did. */
export function differences(expected: Transcript, actual: Transcript, names: readonly [string, string]): string[] {
  const width = Math.max(...names.map((name) => name.length));
  const found: string[] = [];
  for (const role of new Set([...rolesOf(expected.lines), ...rolesOf(actual.lines)])) {
    const left = comparable(expected.lines, role);
    const right = comparable(actual.lines, role);
    const at = Array.from({ length: Math.max(left.length, right.length) }, (_, i) => i).find(
      (i) => left[i] !== right[i],
    );
    if (at === undefined) continue;
    found.push(
      `${role}, line ${at + 1}:`,
      `  ${names[0].padEnd(width)}  ${left[at] ?? '(nothing more)'}`,
      `  ${names[1].padEnd(width)}  ${right[at] ?? '(nothing more)'}`,
    );
  }
  return found;
}

/** Looks for the claim in what its role printed, or else in what all did. */
export function observe(claim: Claim, lines: readonly Line[]): Observation {
  const printed =
    claim.role === undefined
      ? rolesOf(lines).flatMap((role) => textsOf(lines, role).map((text) => `${role}: ${text}`))
      : textsOf(lines, claim.role);
  const match = claim.seen.exec(printed.join('\n'));
  if (match === null) return { ok: false, value: `not seen in what ${claim.role ?? 'the programs'} printed` };
  const captured = match.slice(1).filter((text) => text !== undefined);
  return { ok: claim.holds?.(...captured) ?? true, value: captured.join(', ') };
}
