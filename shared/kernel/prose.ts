/**
 * Pencil beside the ink: every stream of a feature with `prose` has one people's text, which many hands edit at once. The host keeps it
 * (Yjs); rules only ever see a photograph of it, and sealing turns the photograph into a part of the record.
 */

export interface ProsePhoto {
  readonly entity: string;
  /** `ENTITY@EPOCH`. */
  readonly room: string;
  readonly text: string;
  readonly state: Uint8Array;
  /** SHA-256 of `state`, hex. */
  readonly stateSha256: string;
  /** How many updates made it. */
  readonly updates: number;
}

/** Synchronous, called inside the ledger's open transaction, so that no keystroke can slip between the photograph and the seal. */
export interface Prose {
  photograph(org: string, entity: string): ProsePhoto | undefined;
  /** From here on the text never changes; what is written later goes to a fork. */
  seal(org: string, entity: string, seq: number): void;
}

/** A host without live documents: tests of rules, a device's provisional ledger. */
export const NO_PROSE: Prose = { photograph: () => undefined, seal: () => undefined };
