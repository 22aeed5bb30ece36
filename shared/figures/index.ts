/** All figures of a time, from the events around it. Whoever holds the ledger reads; nothing here does. */
import type { FeedEvent } from '../kernel/ledger.ts';
import type { Read, Row } from '../kernel/read.ts';
import { alarmRates } from './alarm-rates.ts';
import { DAY, type Figure, type Part, type Scope } from './figure.ts';
import { handovers } from './handovers.ts';
import { nuisance } from './nuisance.ts';
import { taskFigures } from './tasks.ts';

/** What began a day before may go on: a shift, a flood, an alarm. */
export const BEFORE = DAY;
/** What was made away from the server may come so much later; what comes later still is not counted. */
export const AFTER = 31 * DAY;

export interface Gathering {
  /** In the ledger's order, from what was received BEFORE the time to what was received AFTER it. */
  hear(event: FeedEvent): void;
  /** To be loaded one after the other, each handed to its `learn`, before the figures are asked for. */
  lookups(): readonly { readonly read: Read<readonly Row[]>; readonly learn: (rows: readonly Row[]) => void }[];
  figures(): readonly Figure[];
}

export function gather(scope: Scope): Gathering {
  const parts: readonly Part[] = [alarmRates(scope), nuisance(scope), taskFigures(scope), handovers(scope)];
  return {
    hear(event) {
      const at = Date.parse(event.occurredAt);
      for (const part of parts) part.hear(event, at);
    },
    lookups: () =>
      parts.flatMap((part) =>
        part.reads().map((read) => ({ read, learn: (rows: readonly Row[]) => part.learn(rows) })),
      ),
    figures: () => parts.flatMap((part) => part.figures()),
  };
}
