/** The values that our own properties take, in YAML and back. What people write in other properties is never parsed. */
import type { Property } from '../../shared/kernel/note.ts';

const PLAIN = /^[A-Za-z](?:[A-Za-z0-9 _./-]*[A-Za-z0-9_./-])?$/;
const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2})?$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** What stands after `key:`, with its leading space or line end. */
export function writeValue(value: Property, eol: string): string {
  if (value === null) return '';
  if (typeof value === 'object')
    return value.length ? value.map((item) => `${eol}  - ${writeScalar(item)}`).join('') : ' []';
  return ` ${typeof value === 'string' ? writeScalar(value) : String(value)}`;
}

function writeScalar(text: string): string {
  if ((PLAIN.test(text) && !RESERVED.test(text)) || DATE.test(text) || UUID.test(text)) return text;
  // JSON is YAML, but for characters that a YAML stream may not hold as they are.
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff]/g,
    (char, at: number, whole: string) =>
      isPaired(char, at, whole) ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isPaired(char: string, at: number, whole: string): boolean {
  if (char >= '\ud800' && char <= '\udbff') return /[\udc00-\udfff]/.test(whole[at + 1] ?? '');
  return char >= '\udc00' && char <= '\udfff' && /[\ud800-\udbff]/.test(whole[at - 1] ?? '');
}

/** `undefined` for what is none of our forms. `rest` is the first line after the colon, `more` the lines that follow it. */
export function readValue(rest: string, more: readonly string[]): Property | undefined {
  const first = rest.trim();
  const lines = more.filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  if (first === '' || first.startsWith('#')) return lines.length ? readList(lines) : null;
  if (lines.length) return undefined;
  if (first.startsWith('[')) return readFlow(first);
  return readScalar(first);
}

function readList(lines: readonly string[]): Property | undefined {
  const items = lines.map((line) => /^\s*-(?:\s+(.*))?$/.exec(line)?.[1]);
  const values = items.map((item) => (item === undefined ? undefined : readScalar(item.trim())));
  return values.every((value) => value !== undefined) ? values.map(spelled) : undefined;
}

function readFlow(text: string): Property | undefined {
  const inner = /^\[(.*)\]\s*(?:#.*)?$/.exec(text)?.[1];
  if (inner === undefined) return undefined;
  const items = inner.match(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,"'[\]{}]+/g)?.map((item) => item.trim()) ?? [];
  const values = items.filter((item) => item !== '').map(readScalar);
  return values.every((value) => value !== undefined) ? values.map(spelled) : undefined;
}

const spelled = (value: Property): string => (value === null ? '' : String(value));

function readScalar(text: string): string | number | boolean | null | undefined {
  const double = /^("(?:[^"\\]|\\.)*")\s*(?:#.*)?$/.exec(text)?.[1];
  if (double !== undefined) return fromJson(double);
  const single = /^'((?:[^']|'')*)'\s*(?:#.*)?$/.exec(text)?.[1];
  if (single !== undefined) return single.replaceAll("''", "'");
  if (/^[|>&*!{["'%@`]/.test(text)) return undefined;
  const plain = text.replace(/\s+#.*$/, '');
  if (/^(?:~|null|)$/i.test(plain)) return null;
  if (/^(?:true|false)$/i.test(plain)) return plain.toLowerCase() === 'true';
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/.test(plain) ? Number(plain) : plain;
}

function fromJson(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}

export const sameProperty = (a: Property | undefined, b: Property | undefined): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));
