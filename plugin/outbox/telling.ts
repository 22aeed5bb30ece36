/** What became of entries, where the person looks: each that somebody must see is told in words, with what to do, until it is dismissed. */
import { FLAGS, needsALook, type Flag } from '../../shared/kernel/flags.ts';
import { isQueued, type Entry } from '../../shared/sync/outbox.ts';
import type { Attention } from '../attention.ts';
import type { View } from '../provisional-tx.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { DeviceOutbox } from './outbox.ts';
import { outboxWords } from '../words/index.ts';

const ABOUT = 'entry:';
const LATE = 'late';
const LOST = 'lost-file:';
const PENDING = 'evidence_pending';
const LONGEST = 2000;

interface Parts {
  readonly outbox: DeviceOutbox;
  readonly attention: Attention;
  readonly view: View;
  readonly evidence: Pick<Evidence, 'missing'>;
  /** Somebody waits for this one and is told by whoever asked. */
  readonly isAwaited: (id: string) => boolean;
}

export function tellOutcomes({ outbox, attention, view, evidence, isAwaited }: Parts): void {
  /** Sent again to a server that may have lost them. */
  const again = new Set<string>();
  let brought = 0;
  const late = new Set<string>();

  outbox.onChange((changed) => {
    const before = late.size;
    for (const entry of changed) {
      const { id } = entry.command;
      if (entry.again) again.add(id);
      else if (!isQueued(entry) && again.delete(id) && entry.outcome !== 'duplicate' && entry.outcome !== 'rejected')
        brought += 1;
      if (!isQueued(entry) && entry.flags.includes(PENDING)) void tellLost(entry);
      const isAnswered = isAwaited(id) && entry.outcome !== 'flagged';
      if (entry.state === 'attention' && !entry.dismissed && isOnlyLate(entry)) {
        // Nobody need do anything: told once for all of them.
        late.add(id);
      } else if (entry.state === 'attention' && !entry.dismissed && !isAnswered)
        attention.tell(ABOUT + id, sentenceOf(view, entry));
      else if (entry.state !== 'attention') attention.dismiss(ABOUT + id);
    }
    if (late.size > before) attention.tell(LATE, lateSentence(late.size));
    if (!brought || again.size) return;
    attention.tell('restored', outboxWords.restored(brought));
    brought = 0;
  });
  /** The entry is on the server and names a file that nobody has: this device lost it before it could be sent. */
  async function tellLost(entry: Entry): Promise<void> {
    const { evidence: named } = entry.command.body as { readonly evidence?: unknown };
    const names = Array.isArray(named) ? named.filter((name): name is string => typeof name === 'string') : [];
    if (!(await evidence.missing(names)).length) return;
    attention.tell(`${LOST}${entry.command.id}`, outboxWords.photoLost(whatOf(view, entry)));
  }

  attention.onDismiss((about) => {
    if (about.startsWith(ABOUT)) outbox.dismiss(about.slice(ABOUT.length));
    if (about !== LATE) return;
    for (const id of late) outbox.dismiss(id);
    late.clear();
  });
}

const isOnlyLate = ({ outcome, flags }: Entry): boolean =>
  outcome === 'flagged' && flags.filter((flag) => needsALook([flag])).join() === 'late';

const lateSentence = (count: number): string => outboxWords.late(count);

function whatOf(view: View, { command }: Entry): string {
  const entry = view.register.commands.get(command.type);
  const held = entry && view.get({ kind: entry.feature.kind, id: command.subject });
  return `${entry?.word.title ?? command.type}${held ? ` (${entry.feature.titleOf(held.state)})` : ''}`;
}

export function sentenceOf(view: View, told: Entry): string {
  const { command, outcome, flags, problem } = told;
  const what = whatOf(view, told);
  const words = flags.flatMap((flag) => {
    const { says, do: cure } = FLAGS[flag as Flag] ?? { says: flag, do: '' };
    return [says, cure];
  });
  if (outcome === 'flagged') return [outboxWords.recorded(what), ...words].join(' ').trim();
  const why = problem?.detail ?? '';
  if (outcome === 'held') return [outboxWords.held(what), why, ...words].join(' ').trim();
  if (outcome === undefined) return outboxWords.waits(what, why);
  return outboxWords.refused(what, why, enteredIn(command.body));
}

/** No typed character is lost (L12), though the server did not take it. */
function enteredIn(body: Readonly<Record<string, unknown>>): string {
  const typed = Object.entries(body).flatMap(([key, value]) => (typeof value === 'string' ? [`${key}: ${value}`] : []));
  return typed.length ? outboxWords.entered(typed.join(' / ').slice(0, LONGEST)) : '';
}
