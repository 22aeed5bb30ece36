/**
 * Late prose becomes entries. What is stored and not yet told is told again after a crash or a full disk; the id of the command follows from the
 * update, so that telling it twice makes one entry (L4).
 */
import type { Logger } from 'pino';
import type { Command } from '../../shared/kernel/command.ts';
import type { Feature } from '../../shared/kernel/feature.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import type { Register } from '../../shared/kernel/register.ts';
import type { LateRow, RoomStore } from './store.ts';

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

export interface LateEntriesParts {
  readonly store: RoomStore;
  readonly ledger: Ledger;
  readonly register: Register;
  readonly log: Logger;
}

export interface LateEntries {
  /** Never rejects: what does not succeed now is tried again. */
  enter(late: LateRow): Promise<void>;
  /** Tells what is left over, when the server starts and by and by. */
  begin(): Promise<void>;
  close(): void;
}

export function createLateEntries({ store, ledger, register, log }: LateEntriesParts): LateEntries {
  let pause = FIRST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  /** What the log knows of. */
  const logged = new Set<string>();

  async function featureOf({ org, entity }: LateRow): Promise<Feature | undefined> {
    for (const feature of register.features)
      if (feature.prose && (await ledger.stream(org, feature.kind, entity))) return feature;
    return undefined;
  }

  /** Answers whether an entry tells of it now. */
  async function tell(late: LateRow): Promise<boolean> {
    const { org, entity, sha256 } = late;
    if (late.inserted || late.struck) {
      const feature = await featureOf(late);
      const [outcome] = feature ? await ledger.transact([commandFor(feature, late)]) : [];
      if (outcome?.outcome !== 'accepted' && outcome?.outcome !== 'duplicate') {
        if (!logged.has(sha256)) log.error({ org, entity, update: sha256, outcome }, 'late prose not entered');
        logged.add(sha256);
        return false;
      }
    }
    store.transaction(() => store.entered(late));
    logged.delete(sha256);
    return true;
  }

  async function attempt(late: LateRow): Promise<boolean> {
    try {
      return await tell(late);
    } catch (error) {
      log.warn({ org: late.org, entity: late.entity, err: error }, 'late prose waits');
      return false;
    }
  }

  function again(): void {
    if (isClosed || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      void begin();
    }, pause);
    timer.unref();
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
  }

  /** One that is refused holds up none behind it. */
  async function begin(): Promise<void> {
    let isAllTold = true;
    for (const late of store.unentered()) {
      if (isClosed) return;
      isAllTold = (await attempt(late)) && isAllTold;
    }
    if (isAllTold) pause = FIRST_PAUSE_MS;
    else again();
  }

  return {
    async enter(late) {
      if (!(await attempt(late))) again();
    },
    begin,
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

const commandFor = ({ name, kind, prose }: Feature, late: LateRow): Command => {
  const { org, entity, user, device, inserted, struck, context, sha256, receivedAt } = late;
  return {
    id: derivedId('late-prose', org, entity, sha256),
    org,
    type: `${name}.${prose!.late}`,
    subject: { kind, id: entity },
    input: { author: user, device, inserted, struck, context, update: sha256, receivedAt },
    caller: { kind: 'engine', id: 'rooms', org, areas: [] },
  };
};
