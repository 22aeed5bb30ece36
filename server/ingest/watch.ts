/** When each sender was last heard, and what of it did not prove who it was or could not be read: kept in memory, and noted once where it is too much. */
import { integrationsOf, type Trouble } from '../../shared/features/integrations/contract.ts';
import { utc } from '../../shared/kernel/schema.ts';
import type { Known } from './authenticate.ts';
import type { IntakeStore } from './intake-store.ts';
import { noteRelief, noteTrouble } from './own-alarms.ts';
import type { Means } from './receive.ts';

/** How many within how long are too many, and how long it must be quiet again. */
const TOO_MANY = {
  forged: { many: 5, withinMs: 10 * 60_000 },
  // A sender that tries again every five minutes is found out within the hour.
  unreadable: { many: 10, withinMs: 60 * 60_000 },
} as const;
type Counted = keyof typeof TOO_MANY;

const WHY: Readonly<Record<Counted, string>> = {
  forged: 'messages were not signed as they must be, or had a wrong token, within ten minutes.',
  unreadable: 'messages could not be read within the hour; the list of failures shows them.',
};
/** A sender that is silent for so many times its interval has a problem. */
const MISSED = 3;

export interface Watch {
  heard(known: Known): void;
  lastHeard(known: Known): number | undefined;
  count(known: Known, what: Counted): void;
  /** Ends a silence, when there was one. */
  back(known: Known): Promise<void>;
  /** Looks at every sender; answers how many had news. */
  look(): Promise<number>;
}

interface Parts {
  readonly means: Means;
  readonly store: IntakeStore;
  /** Whether its storm is over. */
  readonly isCalm: (known: Known) => boolean;
}

export function createWatch({ means, store, isCalm }: Parts): Watch {
  const { ledger, now } = means;
  const startedAt = now();
  const heard = new Map<string, number>();
  const unwritten = new Map<string, Known>();
  const counts: Record<Counted, Map<string, number[]>> = { forged: new Map(), unreadable: new Map() };

  const lastHeard = ({ org, id }: Known): number | undefined => {
    const found = heard.get(id) ?? store.heard({ org, integration: id });
    if (found !== undefined) heard.set(id, found);
    return found;
  };
  const recent = (what: Counted, id: string): readonly number[] => {
    const since = now() - TOO_MANY[what].withinMs;
    const found = (counts[what].get(id) ?? []).filter((at) => at > since);
    if (found.length) counts[what].set(id, found);
    else counts[what].delete(id);
    return found;
  };

  function silenceOf(known: Known): { readonly since: number } | undefined {
    const { expectEverySeconds, expectedSince } = known.state;
    if (expectEverySeconds === null) return undefined;
    // While this server was away nobody could be heard.
    const since = Math.max(lastHeard(known) ?? 0, startedAt, Date.parse(expectedSince ?? utc(startedAt)));
    return now() - since >= MISSED * expectEverySeconds * 1000 ? { since } : undefined;
  }

  async function lookForSilence(known: Known): Promise<number> {
    const { expectEverySeconds, troubles } = known.state;
    const silence = silenceOf(known);
    if (silence && troubles.silence === undefined) {
      const detail = `Expected every ${expectEverySeconds} s; last heard ${utc(silence.since)}.`;
      await noteTrouble(means, known, { trouble: 'silence', since: utc(silence.since), detail });
      return 1;
    }
    if (silence || troubles.silence === undefined) return 0;
    const isExpected = expectEverySeconds !== null;
    await noteRelief(means, known, 'silence', isExpected ? 'Heard again.' : 'Nothing is expected of it any more.');
    return 1;
  }

  async function lookForMany(known: Known, what: Counted): Promise<number> {
    const found = recent(what, known.id);
    const since = known.state.troubles[what];
    const { many, withinMs } = TOO_MANY[what];
    if (since === undefined && found.length >= many) {
      const detail = `${found.length} ${WHY[what]}`;
      await noteTrouble(means, known, { trouble: what, since: utc(found[0]!), detail });
      return 1;
    }
    if (since === undefined || found.length || now() - Date.parse(since) < withinMs) return 0;
    await noteRelief(means, known, what, 'None for a while.');
    return 1;
  }

  async function lookForCalm(known: Known): Promise<number> {
    const storm: Trouble = 'storm';
    if (known.state.troubles[storm] === undefined || !isCalm(known)) return 0;
    await noteRelief(means, known, storm, 'Everything that waited is worked off.');
    return 1;
  }

  function write(): void {
    if (!unwritten.size) return;
    const all = [...unwritten.values()];
    unwritten.clear();
    store.hear(all.map(({ org, id }) => ({ org, integration: id, at: heard.get(id)! })));
  }

  return {
    lastHeard,
    heard(known) {
      heard.set(known.id, now());
      unwritten.set(known.id, known);
    },
    count(known, what) {
      const { many } = TOO_MANY[what];
      counts[what].set(known.id, [...recent(what, known.id), now()].slice(-4 * many));
    },
    async back(known) {
      if (known.state.troubles.silence !== undefined) await lookForSilence(known);
    },
    async look() {
      write();
      let moved = 0;
      for (const org of await ledger.organisations()) {
        for (const { key, value } of await ledger.load(org, integrationsOf())) {
          if (value.retired) continue;
          const known = { org, id: key, state: value };
          moved += await lookForSilence(known);
          moved += await lookForMany(known, 'forged');
          moved += await lookForMany(known, 'unreadable');
          moved += await lookForCalm(known);
        }
      }
      return moved;
    },
  };
}
