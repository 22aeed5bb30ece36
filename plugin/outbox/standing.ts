/** What follows from how the server sees this device: it is paired when it is not, and gets a new identity when a copy of it speaks too. */
import { FLAGS } from '../../shared/kernel/flags.ts';
import type { Register } from '../../shared/kernel/register.ts';
import { isQueued } from '../../shared/sync/outbox.ts';
import type { Standing } from '../../shared/sync/messages.ts';
import type { Asking } from '../asking.ts';
import type { Attention } from '../attention.ts';
import { renumbered } from './made.ts';
import type { DeviceOutbox } from './outbox.ts';
import type { Identity } from '../identity.ts';
import { outboxWords } from '../words/index.ts';

interface Parts {
  readonly register: Register;
  readonly identity: Identity;
  readonly outbox: DeviceOutbox;
  readonly asking: Pick<Asking, 'enlist'>;
  readonly attention: Attention;
}

export function createStanding({
  register,
  identity,
  outbox,
  asking,
  attention,
}: Parts): (standing: Standing) => Promise<void> {
  const { devices } = register;
  const pairing = [...register.commands.values()].find(({ feature, word }) => feature === devices && word.creates);

  /** Its first command, with the key that signs all others. */
  async function pair(): Promise<void> {
    if (!devices || !pairing) return;
    const { deviceId } = identity;
    const isAsked = outbox.entries.some(
      (entry) =>
        entry.command.type === pairing.type &&
        entry.command.subject === deviceId &&
        (isQueued(entry) || entry.state === 'attention'),
    );
    if (isAsked) return;
    const subject = { kind: devices.kind, id: deviceId };
    const refusal = await asking.enlist({ type: pairing.type, subject, input: { ...identity.pairing() } });
    if (refusal?.kind === 'refused' && refusal.code !== 'already-exists')
      attention.tell('pairing', outboxWords.notPaired(refusal.detail));
  }

  return async (standing) => {
    if (standing === 'unpaired') await pair();
    if (standing === 'written-off') attention.tell('written-off', outboxWords.writtenOff);
    else attention.dismiss('written-off');
    if (standing === 'forked') {
      const from = identity.deviceId;
      await identity.newDevice();
      await pair();
      await outbox.takeOver(from, (entry, deviceSeq) => renumbered(identity, entry, deviceSeq));
      attention.tell('forked', outboxWords.forked(FLAGS.device_forked.says));
    }
  };
}
