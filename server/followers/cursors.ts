/** Where each follower stands in each organisation's ledger. May lag behind: whoever hears an event twice must not mind. */
export interface Cursors {
  get(follower: string, org: string): number;
  set(follower: string, org: string, seq: number): void;
}

export function memoryCursors(): Cursors {
  const held = new Map<string, number>();
  return {
    get: (follower, org) => held.get(`${follower}/${org}`) ?? 0,
    set: (follower, org, seq) => void held.set(`${follower}/${org}`, seq),
  };
}
