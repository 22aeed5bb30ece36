/**
 * What a header of a CloudEvent says (HTTP binding 3.1.3.2): in quotes or not, percent-encoded UTF-8. The most used library sends what is
 * not ASCII as it is, so raw UTF-8 and Latin-1 are understood too. Servers hand a header over with one letter for each byte.
 */

/** Null when it is percent-encoded and not UTF-8. */
export function headerText(value: string): string | null {
  const quoted = /^"(.*)"$/s.exec(value.trim())?.[1];
  const text = quoted === undefined ? value.trim() : quoted.replace(/\\(.)/gs, '$1');
  let out = '';
  for (const [part] of text.matchAll(/(?:%[0-9a-f]{2})+|[^%]+|%/gi)) {
    const decoded = /^%../.test(part) ? percent(part) : raw(part);
    if (decoded === null) return null;
    out += decoded;
  }
  return out;
}

const percent = (part: string): string | null =>
  utf8In(Uint8Array.from(part.match(/[0-9a-f]{2}/gi) ?? [], (two) => parseInt(two, 16)));

/** Letters beyond a byte are text already; bytes are UTF-8 where they can be, else Latin-1. */
function raw(part: string): string {
  const codes = Array.from(part, (letter) => letter.codePointAt(0)!);
  return codes.every((code) => code <= 0xff) ? (utf8In(Uint8Array.from(codes)) ?? part) : part;
}

function utf8In(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
