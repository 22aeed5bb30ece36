/** Carries out the register's policies: "when I hear X, I ask for Y". What is asked has an id that follows from the event, so hearing it twice asks once (L4). */
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { sha256HexOfText } from '../../shared/kernel/bytes.ts';
import type { Command, Outcome } from '../../shared/kernel/command.ts';
import type { FeedEvent, Ledger } from '../../shared/kernel/ledger.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import type { Policy, Wish } from '../../shared/kernel/policy.ts';
import type { Register } from '../../shared/kernel/register.ts';
import { troubleOf } from '../fault.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

export const carryOut =
  (ledger: Ledger, register: Register, log: Logger) =>
  async (event: FeedEvent, signal: AbortSignal): Promise<void> => {
    for (const policy of register.policies.get(event.type) ?? []) {
      const seen: Record<string, unknown> = {};
      for (const [name, read] of Object.entries(policy.reads(event))) seen[name] = await ledger.load(event.org, read);
      for (const [n, wish] of policy.asks(event, seen as never).entries()) {
        const outcome = await insist(ledger, commandFor(event, policy, wish, n), signal);
        if (outcome?.outcome !== 'rejected') continue;
        const { refused, detail } = outcome.refusal;
        log.warn(
          { policy: policy.name, org: event.org, seq: event.seq, wish: wish.type, refused, detail },
          'wish refused',
        );
        if (wish.ifRefused)
          await insist(ledger, refusedCommand(event, policy, wish.ifRefused, refused, detail), signal);
      }
    }
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
async function insist(ledger: Ledger, command: Command, signal: AbortSignal): Promise<Outcome | undefined> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return (await ledger.transact([command]))[0];
    } catch (error) {
      if (signal.aborted || troubleOf(error).refused !== 'not-ready') throw error;
      await wait(pause, undefined, { signal });
    }
  }
}
