/** seal.txt: what the organisation's seal key signs (SSHSIG, namespace shift-seal@operary). Plain words, one fact a line. */
import { fromBase64 } from '../kernel/bytes.ts';
import { isHash, isInstant } from './format.ts';
import { isPrincipal } from './ssh-key.ts';
import { listOr, orWord, plain, statement, whole, words } from './statement.ts';

export const SEAL_NAMESPACE = 'shift-seal@operary';

export interface Seal {
  /** For a person: what was sealed. */
  readonly record: string;
  readonly organisationName: string;
  /** The log's origin, `ORIGIN/ORG_UUID`. */
  readonly organisation: string;
  /** UUID. */
  readonly shift: string;
  /** RFC 3339 in UTC with milliseconds, as all instants here. */
  readonly from: string;
  readonly to: string;
  /** Name, role and time as they are to be read; null when nobody did. */
  readonly handedOverBy: string | null;
  readonly acceptedBy: string | null;
  readonly kind: 'accepted' | 'unaccepted';
  readonly sealedAt: string;
  readonly entries: number;
  /** 0 when there are no entries. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** RFC 6962 root over the shift's leaves in seq order, base64. */
  readonly shiftRoot: string;
  /** SHA-256 in hex, as those below. */
  readonly reportSha256: string;
  readonly manifestSha256: string;
  /** Of the seal.txt before this one in the same area. */
  readonly previousSeal: string | null;
  /** Reservations, missing devices: what a reader must know. */
  readonly exceptions: readonly string[];
}

const instant = plain<string>(isInstant);
const hash = plain<string>(isHash);

const format = statement<Seal>(
  'OPERARY SEAL v',
  1,
  [
    ['Record', 'record', words],
    ['Organisation', 'organisationName', words],
    ['Log', 'organisation', plain(isPrincipal)],
    ['Shift', 'shift', plain((text) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text))],
    ['From', 'from', instant],
    ['To', 'to', instant],
    ['Handed over by', 'handedOverBy', orWord('nobody', words)],
    ['Accepted by', 'acceptedBy', orWord('nobody', words)],
    ['Kind', 'kind', plain<Seal['kind']>((text) => ['accepted', 'unaccepted'].includes(text))],
    ['Sealed at', 'sealedAt', instant],
    ['Personal signatures', null, "none in this version; the organisation's seal key signs this text"],
    ['Entries', 'entries', whole],
    ['First entry', 'firstSeq', whole],
    ['Last entry', 'lastSeq', whole],
    ['Shift root', 'shiftRoot', plain(isRoot)],
    ['Report SHA-256', 'reportSha256', hash],
    ['Manifest SHA-256', 'manifestSha256', hash],
    ['Previous seal', 'previousSeal', orWord('none', hash)],
    ['Exception', 'exceptions', listOr('none')],
  ],
  requireSeal,
);

/** Throws on a value that cannot be written as one honest line, and on counts that do not go together. */
export const sealText = (seal: Seal): string => format.write(seal);

/** Strict: gives back what `sealText` took, or throws. NewerFormat for a later version. */
export const parseSealText = (text: string): Seal => format.parse(text);

function requireSeal({ entries, firstSeq, lastSeq }: Seal): void {
  const sound = entries === 0 ? firstSeq === 0 && lastSeq === 0 : firstSeq >= 1 && lastSeq - firstSeq >= entries - 1;
  if (!sound) throw new Error('The number of entries does not fit the first and the last.');
}

function isRoot(text: string): boolean {
  try {
    return fromBase64(text).length === 32;
  } catch {
    return false;
  }
}
