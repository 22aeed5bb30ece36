/**
 * User text on its way into generated markdown. What people and machines wrote shows as they wrote it, and can forge neither a link, a
 * table cell, a box, a heading, front matter nor the end of a region (L12). The answer is always one line.
 */

const LINE_ENDS = /[ \t]*(?:\r\n|[\n\r\v\f\u0085\u2028\u2029])\s*/g;
// Controls, and invisible characters that could show a line in another order than it has.
// eslint-disable-next-line no-control-regex -- the control characters are the point of this pattern
const INVISIBLE = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
// Runs are escaped whole, so that not even a reader who knows no backslash finds `%%`, `[[`, `==`, `~~` or `::` in it.
const SPECIAL = /[\\`*_[\]<|#^$]|%{2,}|={2,}|~{2,}|:{2,}|:(?=\/\/)|&(?=#?\w+;)/g;
const WORD = /[\p{L}\p{N}]/u;

/** One line of text inside a line of ours. */
export function inline(text: string): string {
  const line = oneLine(text).replace(SPECIAL, (found, at: number, whole: string) => {
    if (found === '_' && WORD.test(whole[at - 1] ?? '') && WORD.test(whole[at + 1] ?? '')) return found;
    return [...found].map((char) => `\\${char}`).join('');
  });
  // A marker that would begin a list, a quote, a rule or a fence, should our line begin with this text.
  return line.replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2').replace(/^([-+>=~])/, '\\$1');
}

export const oneLine = (text: string): string =>
  text.replace(LINE_ENDS, ' ⏎ ').replace(INVISIBLE, '\ufffd').replaceAll('\t', ' ').trim();

/** Text for one property: a value that is nothing but a link would become one. */
export const plainProperty = (text: string): string =>
  oneLine(text)
    .replace(/\[(?=\[)/g, '[ ')
    .replace(/\](?=\])/g, '] ');

// What no file system or link may hold, and the signs by which the Tasks plugin reads a line.
const NOT_IN_NAMES = /[\\/:*?"<>|#^[\]%`$\ufffd⏎🆔⛔🏁🔁📅✅❌➕⏳🛫🔺⏫🔼🔽⏬]/gu;
const LONGEST_NAME = 150;

/** The base name of a file, from what somebody wrote: at most 150 bytes of UTF-8. */
export function fileName(text: string): string {
  const clean = oneLine(text.normalize('NFC'))
    .replace(NOT_IN_NAMES, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+/, '');
  let out = '';
  let bytes = 0;
  for (const char of clean) {
    bytes += utf8Length(char.codePointAt(0)!);
    if (bytes > LONGEST_NAME) break;
    out += char;
  }
  return out.replace(/[. ]+$/, '');
}

/** What a path is called as a note, and in a link to it: `leeds/line-3` lies in `leeds-line-3`. */
export const namesOf = (path: string): { readonly name: string; readonly shown: string } => ({
  name: fileName(path.replaceAll('/', '-')),
  shown: path.split('/').map(fileName).filter(Boolean).join('/'),
});

const utf8Length = (point: number): number => (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4);

/** A link to a note by its base name, which `fileName` has made safe. */
export const wikilink = (name: string): string => `[[${name}]]`;

/**
 * How a photo is called in a vault: by what it holds. An entry does not tell of which kind its photos are, and all devices write the same, so
 * that the ending is always this one; programs that show pictures look at the bytes.
 */
export const photoName = (sha256: string): string => `${sha256.slice(0, 12)}.jpg`;

export const photo = (sha256: string): string => `![[${photoName(sha256)}]]`;
