// @ts-check
// Words and phrases that comments, Markdown and test titles must not have, each with what to write instead. CONTRIBUTING.md,
// "Prose", gives the reasons.

/** @type {readonly (readonly [pattern: RegExp, advice: string])[]} */
export const DIALECT = [
  [/\bnobody('s|’s)?\b/gi, 'name the subject: "no waiter", "the caller does not"'],
  [/\bsomebody('s|’s)?\b/gi, 'name the subject: "another owner", "the caller"'],
  [/\bwhoever\b/gi, 'name the subject: "the owner"'],
  [/\bwho has it\b/gi, 'name the subject: "its owner"'],
  [/\bwhat waits\b/gi, '"the waiter"'],
  [/\b(its|their) kin\b/gi, 'list the members, or name the group'],
  [/\b(what is none|none is)\b/gi, 'name the noun: "no address is"'],
  [/\b(that|which|what) is no (?!longer\b|more\b)/gi, '"that is not a <noun>"'],
  [/\bso many\b/gi, 'give the number, or "that many <nouns>"'],
  [/^\W*Room:/gm, 'start with what the file does; no prefix'],
];
