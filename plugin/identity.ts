/**
 * Who this device is: an id that it chose and an Ed25519 key, both kept on this device only, never in the vault, which other programs copy
 * to other devices. Where id and key do not belong together any more, this is a new device.
 */
import { base64, fromBase64 } from '../shared/kernel/bytes.ts';
import { isUuid, uuidV7 } from '../shared/kernel/ids.ts';
import { signerFromSeed, type Signer } from '../shared/proof/ed25519.ts';
import type { Memory } from './notes/ports.ts';

/** What nobody but this device may read. */
export interface Secrets {
  get(name: string): string | undefined;
  /** `undefined` forgets. */
  set(name: string, secret: string | undefined): void;
}

export interface Pairing {
  readonly name: string;
  /** Base64. */
  readonly publicKey: string;
  readonly platform: string;
}

export interface Identity {
  readonly deviceId: string;
  /** Whose entries are made here now; `undefined` when nobody has taken over. */
  person(): string | undefined;
  /** Base64. */
  sign(bytes: Uint8Array): string | undefined;
  /** What the server is told when this device is paired. */
  pairing(): Pairing;
  /** Another id and key, because the old ones are in use elsewhere too. */
  newDevice(): Promise<void>;
}

export interface IdentityParts {
  readonly memory: Memory;
  readonly secrets: Secrets;
  readonly random: (length: number) => Uint8Array;
  readonly now: () => number;
  /** What people call this device. */
  readonly name: () => string;
  readonly platform: string;
  readonly person: () => string | undefined;
}

interface Kept {
  readonly id: string;
  readonly publicKey: string;
  /** Ids that this device had, oldest first. */
  readonly before: readonly string[];
}

const KEY = 'identity';
const SEED = 32;
const MOST_BEFORE = 20;
const MOST_NAME = 60;

export function createIdentity(parts: IdentityParts): Identity {
  const { memory, secrets } = parts;
  const secretOf = (id: string): string => `operary-device-${id}`;

  function kept(): Kept | undefined {
    try {
      const { id, publicKey, before } = JSON.parse(memory.get(KEY) ?? '') as Partial<Kept>;
      return typeof id === 'string' && isUuid(id)
        ? { id, publicKey: publicKey ?? '', before: before ?? [] }
        : undefined;
    } catch {
      return undefined;
    }
  }

  function keyOf({ id, publicKey }: Kept): Signer | undefined {
    try {
      const signer = signerFromSeed(fromBase64(secrets.get(secretOf(id)) ?? ''));
      return base64(signer.publicKey) === publicKey ? signer : undefined;
    } catch {
      return undefined;
    }
  }

  function make(old: Kept | undefined): { readonly id: string; readonly signer: Signer } {
    const seed = parts.random(SEED);
    const id = uuidV7(parts.now(), parts.random(10));
    const signer = signerFromSeed(seed);
    const before = [...(old?.before ?? []), ...(old ? [old.id] : [])].slice(-MOST_BEFORE);
    // The key first: a device that stops in between still has its old id with its old key.
    secrets.set(secretOf(id), base64(seed));
    memory.set(KEY, JSON.stringify({ id, publicKey: base64(signer.publicKey), before } satisfies Kept));
    if (old && kept()?.id === id) secrets.set(secretOf(old.id), undefined);
    return { id, signer };
  }

  function found(): { readonly id: string; readonly signer: Signer } {
    const known = kept();
    const signer = known && keyOf(known);
    return signer ? { id: known.id, signer } : make(known);
  }

  let device = found();
  return {
    get deviceId() {
      return device.id;
    },
    person: () => parts.person(),
    sign: (bytes) => base64(device.signer.sign(bytes)),
    pairing: () => ({
      name: label(parts.name()) || label(parts.platform),
      publicKey: base64(device.signer.publicKey),
      platform: label(parts.platform),
    }),
    async newDevice() {
      device = make(kept());
    },
  };
}

/** One line, as the wire takes it. */
function label(text: string): string {
  let short = '';
  for (const char of text.replace(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, ' ').trim())
    if (short.length + char.length <= MOST_NAME) short += char;
    else break;
  return short.trim();
}
