/** Leaf v1 (DESIGN §5): the canonical bytes of one recorded event. Proofs are for ever, and so is this shape. */
import { utf8 } from '../kernel/bytes.ts';
import { canonical } from '../kernel/canonical.ts';
import type { Json } from '../kernel/canonical.ts';
import { exactText, isHash, isInstant, NewerFormat } from './format.ts';

export { commitment, commitmentsIn, discloseBody } from './disclosure.ts';
export type { Disclosure } from './disclosure.ts';

export interface LeafV1 {
  readonly v: 1;
  readonly org: string;
  /** From 1, without gaps; the leaf's index in the organisation's tree is one less. */
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly subject: { readonly kind: string; readonly id: string };
  readonly shift: string | null;
  /** `onBehalfOf`: whose decision the engine carried out. */
  readonly actor: { readonly kind: string; readonly id: string; readonly role?: string; readonly onBehalfOf?: string };
  readonly device: string | null;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly receivedAt: string;
  readonly upstream: readonly { readonly kind: string; readonly id: string; readonly rel: string }[];
  readonly command: { readonly id: string; readonly sha256: string };
  readonly body: { readonly [key: string]: Json | undefined };
}

// An entry bundle of c2sp.org/tlog-tiles counts bytes in 16 bits; photos go by hash.
export const MAX_LEAF_BYTES = 60_000;

/** Throws above 60,000 bytes and on text without canonical bytes. */
export function leafBytes(leaf: LeafV1): Uint8Array {
  const bytes = utf8(canonical(leaf as unknown as Json));
  if (bytes.length > MAX_LEAF_BYTES)
    throw new Error(`An entry has at most ${MAX_LEAF_BYTES} bytes; this one ${bytes.length}.`);
  return bytes;
}

/** Strict: throws unless these are exactly the canonical bytes of a leaf v1; NewerFormat for a later version. */
export function parseLeaf(bytes: Uint8Array): LeafV1 {
  if (bytes.length > MAX_LEAF_BYTES) throw new Error('An entry above the size limit.');
  const text = exactText(bytes);
  const value: unknown = JSON.parse(text);
  if (!isRecord(value)) throw new Error('An entry is a JSON object.');
  if (Number.isSafeInteger(value['v']) && (value['v'] as number) > 1)
    throw new NewerFormat(
      `An entry of version ${String(value['v'])} is newer than this program knows. Use a newer Operary.`,
    );
  const wrong = Object.keys({ ...LEAF, ...value }).find((key) => !LEAF[key]?.(value[key]));
  if (wrong !== undefined) throw new Error(`"${wrong}" is missing, unknown or malformed in an entry.`);
  if (canonical(value as Json) !== text) throw new Error('An entry whose bytes are not canonical.');
  return value as unknown as LeafV1;
}

type Test = (value: unknown) => boolean;

const isText: Test = (value) => typeof value === 'string' && value !== '';
const isTextOrNull: Test = (value) => value === null || isText(value);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const shape =
  (required: Record<string, Test>, optional: Record<string, Test> = {}): Test =>
  (value) =>
    isRecord(value) &&
    Object.keys(required).every((key) => Object.hasOwn(value, key)) &&
    Object.entries(value).every(([key, member]) => (own(required, key) ?? own(optional, key))?.(member) ?? false);
const own = (tests: Record<string, Test>, key: string): Test | undefined =>
  Object.hasOwn(tests, key) ? tests[key] : undefined;

const LINK = { kind: isText, id: isText };
const LEAF: { readonly [key: string]: Test } = Object.assign(Object.create(null) as object, {
  v: (value: unknown) => value === 1,
  org: isText,
  seq: (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1,
  id: isText,
  type: isText,
  subject: shape(LINK),
  shift: isTextOrNull,
  actor: shape(LINK, { role: isText, onBehalfOf: isText }),
  device: isTextOrNull,
  occurredAt: isInstant,
  recordedAt: isInstant,
  receivedAt: isInstant,
  upstream: (value: unknown) => Array.isArray(value) && value.every(shape({ ...LINK, rel: isText })),
  command: shape({ id: isText, sha256: isHash }),
  body: isRecord,
});
