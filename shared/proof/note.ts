/** C2SP signed notes (c2sp.org/signed-note@v1.0.0): text that ends in LF, an empty line, then lines `— NAME BASE64(key id ‖ signature)`. */
import { base64, concat, fromBase64, sameBytes, utf8 } from '../kernel/bytes.ts';
import { verifyEd25519 } from './ed25519.ts';
import type { Signer } from './ed25519.ts';
import { exactText } from './format.ts';
import { COSIGNATURE, ED25519, isKeyName, keyId, parseVkey } from './vkey.ts';
import type { VerifierKey } from './vkey.ts';

export { keyId, parseVkey, vkey } from './vkey.ts';

/** A signer with the name that its lines carry; a log's name is its origin. */
export interface NoteSigner extends Signer {
  readonly name: string;
}

export interface OpenedNote {
  /** With its final LF, as it was signed. */
  readonly text: string;
  /** Names of the given keys that signed it. */
  readonly verified: readonly string[];
}

// Enough for a log and its witnesses; a bound so that a hostile note costs little.
const MAX_SIGNATURES = 100;
const DASH = '\u2014';

export function signatureLine(
  name: string,
  publicKey: Uint8Array,
  signature: Uint8Array,
  type: number = ED25519,
): string {
  if (!isKeyName(name)) throw new Error('A key name has no spaces, no control characters and no plus sign.');
  return `${DASH} ${name} ${base64(concat(keyId(name, type, publicKey), signature))}\n`;
}

/** Throws when the text is not a note's text: LF at the end, no other control character. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  requireNoteText(text);
  const bytes = utf8(text);
  const lines = signers.map((signer) => signatureLine(signer.name, signer.publicKey, signer.sign(bytes)));
  return `${text}\n${lines.join('')}`;
}

/** What a witness signs at `time` (POSIX seconds) under a checkpoint (c2sp.org/tlog-cosignature). */
export const cosignedBytes = (time: number | bigint, text: string): Uint8Array =>
  utf8(`cosignature/v1\ntime ${time}\n${text}`);

/**
 * Throws when the note is malformed, when a given key's line does not verify, or when none of the given keys signed.
 * Lines of other keys are passed over: what is unknown proves nothing and harms nothing.
 */
export function openNote(note: Uint8Array | string, vkeys: readonly string[]): OpenedNote {
  const { text, lines } = splitNote(typeof note === 'string' ? exactText(utf8(note)) : exactText(note));
  const keys = vkeys.map(parseVkey);
  const verified = new Set<string>();
  for (const line of lines) {
    for (const key of keys.filter(({ name, id }) => name === line.name && sameBytes(id, line.id))) {
      if (!SIGNED[key.type]?.(key, text, line.signature))
        throw new Error(`The signature of ${key.name} does not fit the text.`);
      verified.add(key.name);
    }
  }
  if (verified.size === 0) throw new Error('None of the known keys has signed this.');
  return { text, verified: [...verified] };
}

const SIGNED: { readonly [type: number]: (key: VerifierKey, text: string, signature: Uint8Array) => boolean } = {
  [ED25519]: ({ publicKey }, text, signature) => verifyEd25519(signature, utf8(text), publicKey),
  [COSIGNATURE]: ({ publicKey }, text, signature) => {
    if (signature.length !== 72) return false;
    const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
    return verifyEd25519(signature.subarray(8), cosignedBytes(time, text), publicKey);
  },
};

interface SignatureLine {
  readonly name: string;
  readonly id: Uint8Array;
  readonly signature: Uint8Array;
}

/** At the last empty line, as the specification says (a text may hold others). */
function splitNote(note: string): { text: string; lines: SignatureLine[] } {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw new Error('Not a signed note: no empty line before the signatures.');
  const text = note.slice(0, split + 1);
  requireNoteText(text);
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new Error(`A note with more than ${MAX_SIGNATURES} signatures.`);
  return { text, lines: lines.map(parseLine) };
}

function parseLine(line: string): SignatureLine {
  const [dash, name = '', signed = '', ...rest] = line.split(' ');
  if (dash !== DASH || !isKeyName(name) || rest.length > 0) throw new Error('Not a signature line.');
  const bytes = fromBase64(signed);
  if (bytes.length < 5) throw new Error('A signature line without a signature.');
  return { name, id: bytes.slice(0, 4), signature: bytes.slice(4) };
}

function requireNoteText(text: string): void {
  if (!text.endsWith('\n') || /[^\n -\u{10ffff}]/u.test(text) || !text.isWellFormed())
    throw new Error('A note ends in LF and has no other control characters.');
}
