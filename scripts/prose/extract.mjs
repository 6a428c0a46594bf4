// @ts-check
// Finds the prose of a source file: comments, titles of tests, the text of Markdown. Everything else, quoted code in backticks
// included, becomes spaces, so that each word keeps its line and column.
import ts from 'typescript';

/** @typedef {readonly [start: number, end: number]} Range */

const TEST_FUNCTIONS = /^(describe|it|test)\b/;

/**
 * The comments and test titles of TypeScript or JavaScript.
 * @param {string} text
 * @param {string} name
 * @returns {Range[]}
 */
function rangesOfScript(text, name) {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  /** @type {Map<number, Range>} */
  const ranges = new Map();
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isCallExpression(node) && TEST_FUNCTIONS.test(node.expression.getText(source))) {
      const [title] = node.arguments;
      if (title && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) addTitle(title);
    }
    const children = node.getChildren(source);
    if (children.length > 0) children.forEach(visit);
    else {
      const at = node.getFullStart();
      for (const found of [ts.getLeadingCommentRanges(text, at), ts.getTrailingCommentRanges(text, at)])
        for (const { pos, end } of found ?? []) ranges.set(pos, [pos, end]);
    }
  };
  /** @param {ts.StringLiteralLike | ts.TemplateExpression} title */
  const addTitle = (title) => {
    const parts = ts.isTemplateExpression(title) ? [title.head, ...title.templateSpans.map((s) => s.literal)] : [title];
    // Without the quotes: backticks around a whole title do not make it code.
    for (const part of parts) ranges.set(part.getStart(source), [part.getStart(source) + 1, part.getEnd() - 1]);
  };
  visit(source);
  return [...ranges.values()];
}

/** Comments, and what only looks like one: strings, raw strings and characters. */
const C_TOKENS =
  /\/\/(?:\\\n|.)*|\/\*[\s\S]*?\*\/|R"(?<tag>[^(\s]*)\([\s\S]*?\)\k<tag>"|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'/g;

/**
 * The comments of C or C++.
 * @param {string} text
 * @returns {Range[]}
 */
function rangesOfC(text) {
  return [...text.matchAll(C_TOKENS)]
    .filter(([token]) => token.startsWith('/'))
    .map(({ 0: token, index }) => [index, index + token.length]);
}

/** The comments of a shell script or of YAML. @param {string} text @returns {Range[]} */
const rangesOfShell = (text) =>
  [...text.matchAll(/(?:^|(?<=\s))#(?!!).*/gm)].map(({ 0: token, index }) => [index, index + token.length]);

/** @type {Readonly<Record<string, (text: string, name: string) => Range[]>>} */
const LANGUAGES = {
  '.ts': rangesOfScript,
  '.mjs': rangesOfScript,
  '.cpp': rangesOfC,
  '.h': rangesOfC,
  '.c': rangesOfC,
  '.def': rangesOfC,
  '.md': (text) => [[0, text.length]],
  '.yml': rangesOfShell,
  '.sh': rangesOfShell,
};

/** Code inside prose: fenced blocks, code spans, addresses, links' targets, tags, escapes and placeholders of titles. */
const CODE = [
  /^( *)(```|~~~)[\s\S]*?^\1\2/gm,
  /`[^`]*`/g,
  /<!--[\s\S]*?-->/g,
  /\b(?:https?|file):\/\/[^\s)>]+/g,
  /\]\([^)\s]*\)/g,
  /\{@\w+[^}]*\}|@param(?: \{[^}]*\})? \[?[\w.]+\]?|@type(?:def)? \{.*\}|@\w+/g,
  /<\/?[a-z][^>]*>/gi,
  /\\[nrtvfux0-9'"\\][0-9a-f]*/g,
  /%[sdijofc]|\$\w+/g,
  /\b[\w.-]*\/[\w./*<>-]+/g,
  /\b[\w-]+\.(?:ts|mjs|js|cpp|h|c|def|md|json|node|map|py|test)\b/g,
];

/** @param {string} text */
const blank = (text) => text.replace(/[^\n]/g, ' ');

/** Whether `proseOf` knows this kind of file. @param {string} name */
export const hasProse = (name) => extensionOf(name) in LANGUAGES;

/** @param {string} name */
const extensionOf = (name) => /\.\w+$/.exec(name)?.[0] ?? '';

/**
 * The text of a file with everything but its prose replaced by spaces.
 * @param {string} text
 * @param {string} name
 * @returns {string}
 */
export function proseOf(text, name) {
  const ranges = LANGUAGES[extensionOf(name)]?.(text, name) ?? [];
  let prose = '';
  let done = 0;
  for (const [start, end] of [...ranges].sort(([a], [b]) => a - b)) {
    if (start < done) continue;
    prose += blank(text.slice(done, start)) + text.slice(start, end);
    done = end;
  }
  prose += blank(text.slice(done));
  return CODE.reduce((rest, pattern) => rest.replace(pattern, blank), prose);
}
