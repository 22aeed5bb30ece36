/**
 * The provisional ledger: what this device recorded and the server has not confirmed, laid over the confirmed state by the same rules.
 * When confirmed state moves, only the streams that it touched are decided again; what would be refused now stays to be seen beside the
 * record, for it is the server that decides.
 */
import { sha256, utf8 } from '../shared/kernel/bytes.ts';
import type { Command } from '../shared/kernel/command.ts';
import type { Recorded } from '../shared/kernel/event.ts';
import { evolved, isOfOnePart } from '../shared/kernel/evolved.ts';
import type { Feature } from '../shared/kernel/feature.ts';
import { perform } from '../shared/kernel/perform.ts';
import { refuse, type Refusal } from '../shared/kernel/refusal.ts';
import { provisionalTx, type View } from './provisional-tx.ts';
import { keyOf, type Held } from './replica.ts';
import { outboxWords } from './words/index.ts';

export interface Pending {
  readonly command: Command;
  /** Its place among all that is pending. */
  readonly order: number;
  /** What the rules made of it when it was made. */
  readonly shown: readonly Recorded[];
}

export interface Overlay extends View {
  /** What the rules make of a command here and now; nothing is kept of it. */
  decide(command: Command, order: number): readonly Recorded[] | Refusal;
  /** All that is pending from now on. Answers the streams that may look different. */
  show(pending: readonly Pending[]): ReadonlySet<string>;
  /** Confirmed state has changed in these streams. Answers the same. */
  rebase(keys: ReadonlySet<string>): ReadonlySet<string>;
  /** Everything is decided again. */
  reset(): void;
}

interface Laid {
  readonly held: Held;
  readonly events: readonly Recorded[];
}

/** Above every position that a ledger reaches; a command makes fewer events than lie between two. */
const ABOVE = 2 ** 40;
const APART = 1000;

export function createOverlay(base: View): Overlay {
  const { register } = base;
  const laid = new Map<string, Laid>();
  let byStream = new Map<string, readonly Pending[]>();
  const lists = new Map<string, { readonly of: readonly Held[]; readonly list: readonly Held[] }>();

  function* overlaid(): Iterable<Held> {
    for (const held of base.everything()) yield laid.get(keyOf(held))?.held ?? held;
    for (const { held } of laid.values()) if (!base.get(held)) yield held;
  }

  const view: View = {
    register,
    get: (subject) => (laid.size ? laid.get(keyOf(subject))?.held : undefined) ?? base.get(subject),
    confirmed: (subject) => base.confirmed(subject),
    all(kind) {
      const of = base.all(kind);
      const known = lists.get(kind);
      if (known?.of === of) return known.list;
      const mine = [...laid.values()].flatMap(({ held }) => (held.kind === kind ? [held] : []));
      const fresh = mine.filter((held) => !base.get(held)).sort((a, b) => a.first - b.first);
      const list = mine.length ? [...of.map((held) => laid.get(keyOf(held))?.held ?? held), ...fresh] : of;
      lists.set(kind, { of, list });
      return list;
    },
    everything: () => (laid.size ? overlaid() : base.everything()),
    get size() {
      return [...laid.values()].filter(({ held }) => !base.get(held)).length + base.size;
    },
  };

  function decide(command: Command, order: number): readonly Recorded[] | Refusal {
    const events: Recorded[] = [];
    const tx = provisionalTx({
      view,
      events: () => [...laid.values()].flatMap((one) => one.events),
      from: ABOVE + order * APART,
      append: (event) => void events.push(waiting(event)),
    });
    try {
      const outcome = perform(tx, command, worldAt(command));
      return 'refusal' in outcome ? outcome.refusal : events;
    } catch (error) {
      return refuse('internal', outboxWords.cannotRecord(String(error)));
    }
  }

  /** The same time and the same chance for every further look: what is shown does not flicker. */
  function worldAt(command: Command) {
    let drawn = 0;
    return {
      register,
      now: () => Date.parse(command.recordedAt!),
      random: (length: number) => {
        drawn += 1;
        return sha256(utf8(`${command.id}/${drawn}`)).subarray(0, length);
      },
      attest: () => '',
    };
  }

  function lay(key: string): void {
    const before = laid.get(key);
    laid.delete(key);
    if (before) lists.delete(before.held.kind);
    for (const pending of byStream.get(key) ?? []) {
      const decided = decide(pending.command, pending.order);
      const isSame = !('refused' in decided) && isOfOnePart(featureAt(key), pending.shown, decided);
      put(key, isSame ? decided : outdated(pending));
    }
  }

  const featureAt = (key: string): Feature => register.byKind.get(key.slice(0, key.indexOf('/')))!;

  /** Of what is not here any more, nothing can be shown; what it began itself, it begins. */
  function outdated({ command, shown }: Pending): readonly Recorded[] {
    const isHere = view.get(command.subject) !== undefined;
    if (!isHere) return register.commands.get(command.type)?.word.creates ? shown : [];
    return shown.map((event) => ({ ...event, body: { ...event.body, aside: true as const } }));
  }

  function put(key: string, events: readonly Recorded[]): void {
    for (const event of events) {
      const feature = register.byKind.get(event.subject.kind)!;
      const { kind, id } = event.subject;
      const confirmed = base.get({ kind, id });
      const held = view.get({ kind, id });
      laid.set(key, {
        held: {
          kind,
          id,
          number: held?.number ?? null,
          first: held?.first ?? event.seq,
          // Half a step past what is confirmed: no position of the ledger, and never taken for one.
          seq: (confirmed?.seq ?? 0) + 0.5,
          state: evolved(feature, held?.state ?? feature.initial, event),
        },
        events: [...(laid.get(key)?.events ?? []), event],
      });
      lists.delete(kind);
    }
  }

  return {
    ...view,
    get size() {
      return view.size;
    },
    decide,
    show(pending) {
      const next = new Map<string, Pending[]>();
      for (const one of pending) {
        const key = keyOf(one.command.subject);
        next.set(key, [...(next.get(key) ?? []), one]);
      }
      const names = (all: readonly Pending[] = []): string => all.map(({ command }) => command.id).join();
      const changed = [...new Set([...byStream.keys(), ...next.keys()])].filter(
        (key) => names(byStream.get(key)) !== names(next.get(key)),
      );
      byStream = next;
      for (const key of changed) lay(key);
      return new Set(changed);
    },
    rebase(keys) {
      for (const key of keys) if (byStream.has(key)) lay(key);
      return keys;
    },
    reset() {
      laid.clear();
      lists.clear();
      for (const key of byStream.keys()) lay(key);
    },
  };
}

/** The number is the server's to give. */
function waiting(event: Recorded): Recorded {
  const { number: _number, ...body } = event.body as Recorded['body'] & { readonly number?: unknown };
  return { ...event, body: { ...body, waiting: true } };
}
