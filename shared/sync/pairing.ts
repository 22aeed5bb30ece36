/** Pairing codes as people read, type and scan them: 60 bits in Crockford's base 32, which has no letters that look like digits. */

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 12;

/** The code of five bits for each character; more bytes are not looked at. */
export const codeFrom = (random: Uint8Array): string =>
  Array.from(random.subarray(0, LENGTH), (byte) => ALPHABET[byte & 31]).join('');

/** `K7QM4TRP9X2C` → `K7QM-4TRP-9X2C` */
export const spelledCode = (code: string): string => code.replace(/(.{4})(?=.)/g, '$1-');

/** Case, dashes and spaces do not matter, nor what is easily mistaken. `undefined`: this is no code. */
export function codeIn(typed: string): string | undefined {
  const code = typed
    .toUpperCase()
    .replace(/[\s\p{Pd}_.]+/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return code.length === LENGTH && [...code].every((char) => ALPHABET.includes(char)) ? code : undefined;
}

/** What a device opens; `code` as it is spelled. */
export const pairingLink = (url: string, code: string): string =>
  `obsidian://operary?url=${encodeURIComponent(url)}&code=${encodeURIComponent(code)}`;

/** What this code speaks under /v1; see `GET /v1/about`. */
export const API = 1;
