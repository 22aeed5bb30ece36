/** Which events ring somebody, and when: one thing to tell for each person and channel, in the lane of its area. */
import { contactsOf, type Channel, type ContactState } from '../../shared/features/contacts/contract.ts';
import { isAsUrgentAs, quietUntil } from '../../shared/features/contacts/quiet.ts';
import type { OrgState } from '../../shared/features/orgs/contract.ts';
import { tasksAmong } from '../../shared/features/tasks/contract.ts';
import { sha256HexOfText } from '../../shared/kernel/bytes.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import type { FeedEvent, Ledger } from '../../shared/kernel/ledger.ts';
import type { Row } from '../../shared/kernel/read.ts';
import type { Priority } from '../../shared/kernel/work.ts';
import type { OutboundStore } from './store.ts';
import { admins, whomToRing } from './whom.ts';
import type { Told } from './wording.ts';

/** What comes within so many milliseconds in one area is told at once (domain study 3.5, group wait). */
const GROUP_WAIT: Readonly<Record<Priority, number>> = { P1: 0, P2: 10_000, P3: 30_000, P4: 30_000 };

export const LANE = 'notice/';

/** What waits in a lane: ids only. Words and addresses are looked up when it leaves. */
export interface Ring {
  readonly why: Told['why'];
  readonly user: string;
  readonly channel: string;
  readonly about: string;
  readonly priority: Priority | null;
  readonly level: number | null;
  readonly area: string | null;
  readonly isSummary: boolean;
}

/** Names a channel without showing its address. */
export const channelKey = ({ kind, address }: Channel): string => sha256HexOfText(`${kind}\n${address}`).slice(0, 16);

interface Occasion {
  readonly why: Told['why'];
  readonly about: string;
  readonly priority: Priority | null;
  readonly level: number | null;
  readonly users: readonly string[];
}

/** `true`: something waits now. */
export async function hearOf(ledger: Ledger, store: OutboundStore, event: FeedEvent): Promise<boolean> {
  const occasion = await OCCASIONS[event.type]?.(ledger, event);
  if (!occasion?.users.length) return false;
  const rows = await ledger.load(event.org, contactsOf(occasion.users));
  if (!rows.length) return false;
  const org = (await ledger.stream(event.org, 'org', event.org))?.state as OrgState | undefined;
  for (const row of rows) ring(store, event, occasion, row, org?.zone ?? 'UTC');
  return true;
}

function ring(
  store: OutboundStore,
  { org, id, seq, area, receivedAt }: FeedEvent,
  { why, about, priority, level }: Occasion,
  { first, value: { user, channels, quietHours } }: Row<ContactState>,
  zone: string,
): void {
  // Whoever had no contact then is not rung for the past.
  if (first > seq) return;
  const at = Date.parse(receivedAt);
  const quiet = priority === null ? null : quietUntil(quietHours, priority, at, zone);
  const group = quiet === null ? (priority === null ? why : (area ?? '')) : 'quiet';
  for (const channel of channels) {
    if (priority !== null && channel.minPriority !== null && !isAsUrgentAs(priority, channel.minPriority)) continue;
    const key = channelKey(channel);
    const data: Ring = { why, user, channel: key, about, priority, level, area, isSummary: quiet !== null };
    const due = quiet ?? at + (priority === null ? 0 : GROUP_WAIT[priority]);
    store.put({ org, lane: `${LANE}${user}/${key}/${group}`, id: derivedId('ring', id, user, key), seq, due, data });
  }
}

type Hears = (ledger: Ledger, event: FeedEvent) => Promise<Occasion | undefined>;

const ofTask =
  (why: 'assigned' | 'escalated'): Hears =>
  async (ledger, event) => {
    const users = await whomToRing(ledger, event);
    const [task] = await ledger.load(event.org, tasksAmong([event.subject.id]));
    if (!task) return undefined;
    const { level = null } = event.body as { readonly level?: number | null };
    return {
      why,
      about: event.subject.id,
      priority: task.value.priority,
      level: why === 'assigned' ? null : level,
      users,
    };
  };

const ofWebhook: Hears = async (ledger, { org, subject: { id } }) => ({
  ...{ why: 'webhook', about: id, priority: null, level: null },
  users: await admins(ledger, org),
});

const OCCASIONS: Readonly<Record<string, Hears>> = {
  'task.assigned': ofTask('assigned'),
  'task.escalated': ofTask('escalated'),
  'webhook.failing': ofWebhook,
  'webhook.disabled': ofWebhook,
  'contact.test_asked': async (ledger, { org, subject }) => {
    const contact = (await ledger.stream(org, subject.kind, subject.id))?.state as ContactState | undefined;
    return { why: 'test', about: subject.id, priority: null, level: null, users: contact ? [contact.user] : [] };
  },
};
