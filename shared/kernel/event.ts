/** What is recorded: the envelope of every event, and the links that lead up to its cause. */

import type { Made } from './device.ts';

/** Why one item leads to another. The causal ones are walked to the root. */
export const CAUSAL = ['caused_by', 'part_of', 'escalated_from', 'follow_up_of'] as const;
export const RELATIONS = [
  ...CAUSAL,
  'blocks',
  'duplicate_of',
  'corrects',
  'evidences',
  'carried_over_from',
  'belongs_to_shift',
  'reported_by',
  'external',
  /** Takes back an earlier link to the same item, which stays on record. */
  'retracted_from',
] as const;
export type Relation = (typeof RELATIONS)[number];

export interface Subject {
  readonly kind: string;
  readonly id: string;
}

export interface Link extends Subject {
  readonly rel: Relation;
}

export interface Actor {
  readonly kind: 'user' | 'integration' | 'engine' | 'host';
  readonly id: string;
  readonly role?: string;
  /** The person whose decision the engine carries out. */
  readonly onBehalfOf?: string;
}

/** What a rule decides: an event without its envelope. */
export interface Fact {
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly upstream?: readonly Link[];
  /** Bytes kept under their SHA-256 in the same commit. */
  readonly files?: readonly Uint8Array[];
  /** Entities whose people's text is photographed for good by this fact. */
  readonly seals?: readonly string[];
}

export interface Recorded<B = Readonly<Record<string, unknown>>> {
  readonly seq: number;
  readonly org: string;
  readonly id: string;
  readonly type: string;
  readonly subject: Subject;
  /** The shift that the event belongs to, stamped once by the door. */
  readonly shift: string | null;
  readonly actor: Actor;
  readonly device: string | null;
  /** Said by the person or machine; by the device; by the server. RFC 3339 UTC with milliseconds. */
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly receivedAt: string;
  readonly upstream: readonly Link[];
  readonly command: { readonly id: string; readonly sha256: string };
  readonly body: B & Envelope;
}

/** What the door adds to every body. */
export interface Envelope {
  readonly reason?: string;
  readonly changes?: Readonly<Record<string, { readonly was: unknown; readonly now: unknown }>>;
  /** Recorded after the seal of its shift: shown beside the record, outside its tree. */
  readonly late?: true;
  /** Whether a late entry was made before or after the seal, as far as its device's clock and what it had seen can tell. */
  readonly lateKind?: 'made_before_seal' | 'made_after_seal' | 'unknown';
  /** How a device made the command. */
  readonly made?: Made;
  readonly submittedBy?: string;
  /** What was out of the ordinary (flags.ts). */
  readonly flags?: readonly string[];
  /** True of what its device saw, but not of what it met here: kept in the stream, and changes nothing else in it. */
  readonly aside?: true;
  /** Only on the device that made it: not yet on the server. */
  readonly waiting?: true;
}
