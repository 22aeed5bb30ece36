/**
 * Statements that a person reads before a key signs them: a title line with a version, then one `Label: value` a line, LF, in a fixed
 * order. A table of rows both writes and reads one; reading refuses whatever writing would not have written.
 */
import { requireVersion } from './format.ts';

/** A value as the texts of its lines (mostly one). Both ways throw on a value that has no line. */
export interface Codec<T> {
  readonly write: (value: T) => readonly string[];
  readonly read: (lines: readonly string[]) => T;
}

/** A labelled field, or a constant line (key null) that says the same in every statement of this version. */
export type Row<T> =
  | { [K in keyof T & string]: readonly [label: string, key: K, codec: Codec<T[K]>] }[keyof T & string]
  | readonly [label: string, key: null, constant: string];

export interface Statement<T> {
  write(value: T): string;
  /** Throws on any unknown, missing, doubled or differently spelled line; NewerFormat on a later version. */
  parse(text: string): T;
}

type AnyCodec = Codec<unknown>;

/** `check` throws when the fields do not go together; it guards both directions. */
export function statement<T extends object>(
  stem: string,
  version: number,
  rows: readonly Row<T>[],
  check: (value: T) => void,
): Statement<T> {
  const write = (value: T): string => {
    check(value);
    const lines = rows.flatMap(([label, key, how]) => {
      const texts = key === null ? [how as string] : (how as AnyCodec).write(value[key]);
      return texts.map((text) => `${label}: ${text}`);
    });
    return `${[`${stem}${version}`, ...lines].join('\n')}\n`;
  };
  const parse = (text: string): T => {
    const [title = '', ...lines] = text.split('\n');
    requireVersion(title, stem, version);
    const fields: Record<string, unknown> = {};
    let at = 0;
    for (const [label, key, how] of rows) {
      const prefix = `${label}: `;
      const start = at;
      while (lines[at]?.startsWith(prefix)) at += 1;
      if (at === start) throw new Error(`The line "${label}" is not where it belongs.`);
      const texts = lines.slice(start, at).map((line) => line.slice(prefix.length));
      if (key !== null) fields[key] = (how as AnyCodec).read(texts);
    }
    const value = fields as T;
    if (write(value) !== text) throw new Error('A line is unknown, doubled or spelled in another way.');
    return value;
  };
  return { write, parse };
}

/** One line, its text taken as it is when `test` holds. */
export const plain = <T extends string>(test: (text: string) => boolean): Codec<T> => ({
  write: (value) => {
    if (!test(value) || value !== escapeLine(value))
      throw new Error(`"${escapeLine(value)}" cannot stand in this line.`);
    return [value];
  },
  read: ([text = '']) => text as T,
});

/** People's words: control characters are written as escapes, so that no text can pass for a line of ours. */
export const words: Codec<string> = {
  write: (value) => {
    if (value === '') throw new Error('A statement has no empty lines.');
    return [escapeLine(value)];
  },
  read: ([text = '']) => unescapeLine(text),
};

/** A value or `word` for null; people's own text that equals the word is escaped. */
export const orWord = (word: string, codec: Codec<string>): Codec<string | null> => ({
  write: (value) => (value === null ? [word] : codec.write(value).map((line) => apart(line, word))),
  read: (lines) => (lines.length === 1 && lines[0] === word ? null : codec.read(lines)),
});

/** One line for each, or one with `word` for none. */
export const listOr = (word: string): Codec<readonly string[]> => ({
  write: (values) => (values.length === 0 ? [word] : values.flatMap(words.write).map((line) => apart(line, word))),
  read: (lines) => (lines.length === 1 && lines[0] === word ? [] : lines.map((line) => words.read([line]))),
});

export const whole: Codec<number> = {
  write: (value) => {
    if (!Number.isSafeInteger(value) || value < 0) throw new Error('A count is a whole number below 2^53.');
    return [String(value)];
  },
  read: ([text = '']) => Number(text),
};

const unicode = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

const apart = (line: string, word: string): string => (line === word ? unicode(line) + line.slice(1) : line);

// Controls, line separators, and the marks that make a line read in another order than it is written.
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|^ | $/gu;

/** Text as one visible line: `\\` for a backslash, `\uXXXX` for what would break or disguise it. */
export const escapeLine = (text: string): string => text.replaceAll('\\', '\\\\').replace(UNSAFE, unicode);

export const unescapeLine = (line: string): string =>
  line.replace(/\\(\\|u[0-9a-f]{4})/g, (_, code: string) =>
    code === '\\' ? code : String.fromCharCode(Number.parseInt(code.slice(1), 16)),
  );
