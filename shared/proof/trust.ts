/** trust.txt: which keys speak for an organisation, and for what. Its root key signs it (SSHSIG, namespace trust@operary). */
import { hex } from '../kernel/bytes.ts';
import { isInstant } from './format.ts';
import { allowedSigner, fingerprint, isPrincipal, parseSshPublicKey } from './ssh-key.ts';
import { SEAL_NAMESPACE } from './seal.ts';
import { plain, statement, words } from './statement.ts';
import { ED25519, parseVkey } from './vkey.ts';

export const TRUST_NAMESPACE = 'trust@operary';

export interface Trust {
  readonly organisationName: string;
  /** The log's origin; its key's name too. */
  readonly origin: string;
  /** `SHA256:…` of the root key. What a reader must know from outside. */
  readonly rootFingerprint: string;
  /** The log key as a verifier key of C2SP signed notes. */
  readonly logKey: string;
  /** `ssh-ed25519 AAAA…`, no comment. */
  readonly sealKey: string;
  /** RFC 3339 in UTC with milliseconds. */
  readonly createdAt: string;
}

const format = statement<Trust>(
  'OPERARY TRUST v',
  1,
  [
    ['Organisation', 'organisationName', words],
    ['Log', 'origin', plain(isPrincipal)],
    ['Root fingerprint', 'rootFingerprint', plain((text) => /^SHA256:[A-Za-z0-9+/]{43}$/.test(text))],
    ['The root key signs', null, `this text and its successors (namespace ${TRUST_NAMESPACE}), nothing else`],
    ['Log key', 'logKey', plain((text) => text.length < 1000)],
    ['The log key signs', null, 'checkpoints of this log, nothing else'],
    ['Seal key', 'sealKey', plain((text) => text.split(' ').length === 2)],
    ['The seal key signs', null, `seals of shifts (namespace ${SEAL_NAMESPACE}), nothing else`],
    ['Created at', 'createdAt', plain(isInstant)],
  ],
  requireTrust,
);

/** Throws when a key is malformed, speaks for another origin, or has two roles. */
export const trustText = (trust: Trust): string => format.write(trust);

/** Strict: gives back what `trustText` took, or throws. NewerFormat for a later version. */
export const parseTrustText = (text: string): Trust => format.parse(text);

/** The principals of allowed_signers. */
export const sealPrincipal = (origin: string): string => `seal@${origin}`;
export const rootPrincipal = (origin: string): string => `root@${origin}`;

/** trust/allowed_signers, for `ssh-keygen -Y verify`. `root` is the root's public key. */
export function allowedSigners(trust: Trust, root: Uint8Array): string {
  const seal = allowedSigner(sealPrincipal(trust.origin), [SEAL_NAMESPACE], parseSshPublicKey(trust.sealKey));
  return `${seal}\n${allowedSigner(rootPrincipal(trust.origin), [TRUST_NAMESPACE], root)}\n`;
}

function requireTrust({ origin, rootFingerprint, logKey, sealKey }: Trust): void {
  const log = parseVkey(logKey);
  const seal = parseSshPublicKey(sealKey);
  if (log.type !== ED25519 || log.name !== origin)
    throw new Error("The log key's name is not the log's origin, or it is not a log's key.");
  if (hex(log.publicKey) === hex(seal) || [log.publicKey, seal].map(fingerprint).includes(rootFingerprint))
    throw new Error('One key has two roles.');
}
