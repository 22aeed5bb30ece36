/** Where each connected system was last asked: kept beside the ledger, never in it. */
export interface Place {
  /** Settings that it belongs to: with another address it means nothing. */
  readonly url: string;
  readonly cursor: string | null;
  /** Of the page that was asked for last, with its address. */
  readonly etag: { readonly address: string; readonly tag: string } | null;
}

export interface Places {
  get(org: string, id: string): Place | undefined;
  /** Durable when it returns. */
  set(org: string, id: string, place: Place): void;
}

export function memoryPlaces(): Places {
  const held = new Map<string, Place>();
  return {
    get: (org, id) => held.get(`${org}/${id}`),
    set: (org, id, place) => void held.set(`${org}/${id}`, place),
  };
}
