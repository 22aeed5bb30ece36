/** What evidence needs of a device: a store of its own, and a way to send bytes. */

export interface KeptFile {
  readonly sha256: string;
  readonly size: number;
  /** As people know it; never sent. */
  readonly name: string;
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly keptAt: number;
  /** When the server had it, on disk. Absent: it waits. */
  readonly storedAt?: number;
}

/** Every answer means: on this device's disk. */
export interface Blobs {
  all(): Promise<readonly KeptFile[]>;
  /** Throws StoreFull when there is no room. */
  put(file: KeptFile, bytes: Uint8Array): Promise<void>;
  /** Changes what is known of a file. */
  note(file: KeptFile): Promise<void>;
  bytes(sha256: string): Promise<Uint8Array | undefined>;
  drop(sha256: string): Promise<void>;
}

export class StoreFull extends Error {
  override name = 'StoreFull';
}

export interface BytesReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/** Rejects when there is no answer at all. */
export type SendBytes = (
  method: 'HEAD' | 'GET' | 'PATCH',
  path: string,
  headers?: Readonly<Record<string, string>>,
  body?: Uint8Array,
) => Promise<BytesReply>;
