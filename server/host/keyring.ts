/** What the world may know of an organisation's keys: the statement that its root key signed, and the root key itself. */
export interface OrganisationTrust {
  readonly trustText: string;
  /** SSHSIG armor by the root key. */
  readonly trustSignature: string;
  /** 32 bytes. */
  readonly rootKey: Uint8Array;
}

export interface Keyring {
  trust(org: string): OrganisationTrust;
  /** The log's origin and key name, `ORIGIN/ORG_UUID`. */
  origin(org: string): string;
}
