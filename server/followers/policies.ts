/** Carries out the register's policies: "when I hear X, I ask for Y". What is asked has an id that follows from the event, so hearing it twice asks once (L4). */
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { sha256HexOfText } from '../../shared/kernel/bytes.ts';
import type { Command, Outcome } from '../../shared/kernel/command.ts';
import type { Asked, FeedEvent, Ledger, Thought } from '../../shared/kernel/ledger.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import type { Policy, Wish } from '../../shared/kernel/policy.ts';
import type { Register } from '../../shared/kernel/register.ts';
import { troubleOf } from '../fault.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/** As many events as are carried out in one commit: between two of those people's commands get their turn. */
const AT_ONCE = 32;

/** What follows from these events, in their order; each sees what followed from those before it. */
export const carryOut =
  (ledger: Ledger, register: Register, log: Logger) =>
  async (events: readonly FeedEvent[], signal: AbortSignal): Promise<void> => {
    const heard = events.flatMap((event) =>
      (register.policies.get(event.type) ?? []).map((policy) => ({ event, policy })),
    );
    for (let at = 0; at < heard.length; at += AT_ONCE) {
      const some = heard.slice(at, at + AT_ONCE);
      const wishes: Wish[][] = [];
      const thoughts = some.map(({ event, policy }, i): Thought => (load) => {
        const seen = Object.entries(policy.reads(event)).map(([name, read]) => [name, load(read)] as const);
        wishes[i] = [...policy.asks(event, Object.fromEntries(seen) as never)];
        return wishes[i].map((wish, n) => askedFor(event, policy, wish, n));
      });
      for (const [i, outcomes] of (await insist(ledger, events[0]!.org, thoughts, signal)).entries())
        for (const [n, outcome] of outcomes.entries()) {
          if (outcome.outcome !== 'rejected') continue;
          const { event, policy } = some[i]!;
          const { refused, detail } = outcome.refusal;
          log.warn(
            { policy: policy.name, org: event.org, seq: event.seq, wish: wishes[i]![n]!.type, refused, detail },
            'wish refused',
          );
        }
    }
  };

const askedFor = (event: FeedEvent, policy: Policy, wish: Wish, n: number): Asked => {
  const { ifRefused } = wish;
  return {
    command: commandFor(event, policy, wish, n),
    ...(ifRefused
      ? { ifRefused: ({ refused, detail }) => refusedCommand(event, policy, ifRefused, refused, detail) }
      : {}),
  };
};

function commandFor(event: FeedEvent, { name }: Policy, wish: Wish, n: number): Command {
  const { id, kind } = wish.subject;
  const asked = {
    id: derivedId('policy', event.id, name, String(n)),
    org: event.org,
    type: wish.type,
    subject: { kind, id: id === 'new' ? derivedId('policy-subject', event.id, name, String(n)) : id },
    input: wish.input,
  };
  if (wish.confirmed) return { ...asked, ...asItWasMade(wish.confirmed) };
  return {
    ...asked,
    caller: {
      kind: 'engine',
      id: name,
      org: event.org,
      areas: [],
      ...(wish.onBehalfOf ? { onBehalfOf: wish.onBehalfOf } : {}),
    },
    ...(wish.upstream ? { upstream: wish.upstream } : {}),
    ...(wish.shift ? { shift: wish.shift } : {}),
  };
}

/** Back in the stream that asked, so that whoever decided hears of it. */
const refusedCommand = (event: FeedEvent, { name }: Policy, type: string, code: string, detail: string): Command => ({
  id: derivedId('policy-refused', event.id, name),
  org: event.org,
  type,
  subject: event.subject,
  input: { code, detail },
  caller: { kind: 'engine', id: name, org: event.org, areas: [] },
});

/** Its author's own command, as the device made and signed it; the digest is that of the signed bytes, so that a stranger can check it. */
const asItWasMade = ({
  author,
  device,
  made,
  occurredAt,
  shift,
  submittedBy,
  flags,
  signed,
}: NonNullable<Wish['confirmed']>): Omit<Command, 'id' | 'org' | 'type' | 'subject' | 'input'> => ({
  caller: author,
  device,
  made,
  occurredAt,
  recordedAt: occurredAt,
  confirmed: flags,
  ...(shift === null ? {} : { shift }),
  ...(submittedBy === null ? {} : { submittedBy }),
  ...(signed ? { signed, askedSha256: sha256HexOfText(signed.text) } : {}),
});

/** Until the disk takes it. Any other error is the caller's to stop on. */
async function insist(
  ledger: Ledger,
  org: string,
  thoughts: readonly Thought[],
  signal: AbortSignal,
): Promise<readonly (readonly Outcome[])[]> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await ledger.think(org, thoughts);
    } catch (error) {
      if (signal.aborted || troubleOf(error).refused !== 'not-ready') throw error;
      await wait(pause, undefined, { signal });
    }
  }
}
