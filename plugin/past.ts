/**
 * What is sealed and lies further back than this device's window: its notes are not made by themselves, so that years of them do not fill
 * the vault. What somebody must still see to, what was fetched, and what stands in the vault already is kept up to date like everything else.
 */
import type { Surroundings } from '../shared/kernel/note.ts';
import type { HostPorts } from './host-ports.ts';
import type { View } from './provisional-tx.ts';
import type { Held } from './replica.ts';

export interface Past {
  readonly leavesOut: (held: Held) => boolean;
  /** From now on it is not left out. */
  bring(held: Held): void;
  /** All that is left out, by the names of their notes, the latest first. */
  all(): readonly { readonly name: string; readonly held: Held }[];
}

const DAY = 86_400_000;

export function createPast(
  { files, clock, pastDays }: Pick<HostPorts, 'files' | 'clock' | 'pastDays'>,
  { register, everything }: Pick<View, 'register' | 'everything'>,
  around: () => Surroundings,
): Past {
  /** States that were looked at: another state is another object. */
  const out = new WeakSet<Held>();
  const here = new Set(files.identified().map(({ id }) => id));

  function isLongAgo({ kind, state }: Held): boolean {
    const record = register.byKind.get(kind)!.sealed?.(state);
    return pastDays !== undefined && record != null && Date.parse(record.sealedAt) < clock.now() - pastDays() * DAY;
  }

  const past: Past = {
    leavesOut(held) {
      if (here.has(held.id)) return false;
      if (out.has(held)) return true;
      const isOut = isLongAgo(held) && !register.byKind.get(held.kind)!.note?.card?.(held.state, held, around());
      // What has its notes once keeps them up to date, however old it grows.
      if (isOut) out.add(held);
      else here.add(held.id);
      return isOut;
    },
    bring: ({ id }) => void here.add(id),
    all() {
      const { zone } = around();
      return [...everything()]
        .filter((held) => past.leavesOut(held))
        .flatMap((held) => {
          const name = register.byKind.get(held.kind)!.note?.name(held.state, held, zone);
          return name === undefined ? [] : [{ name, held }];
        })
        .sort((a, b) => (a.name < b.name ? 1 : -1));
    },
  };
  return past;
}
