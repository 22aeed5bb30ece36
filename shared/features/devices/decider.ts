/** The rules of devices. A key belongs to one device for ever; who is on it is recorded; a loss is recorded with what is missing. */
import type { Contact } from '../../kernel/device.ts';
import type { Decide } from '../../kernel/feature.ts';
import { contacts } from '../../kernel/read.ts';
import { refuse } from '../../kernel/refusal.ts';
import { devicesWithKey, type commands, type DeviceState, type Seen } from './contract.ts';

export const reads = {
  pair: ({ input }: { readonly input: { readonly publicKey: string } }) => ({ same: devicesWithKey(input.publicKey) }),
  writeOff: () => ({ heard: contacts() }),
};

export const decide: Decide<DeviceState, typeof commands, typeof reads> = {
  // A second device with the same key is a copy of the first.
  pair: (_state, { input: { name, publicKey, platform }, caller }, { same }) =>
    same.length
      ? refuse(
          'already-exists',
          'This key belongs to another device already. Connect this one again, so that it gets a key of its own.',
        )
      : [{ type: 'device.paired', body: { name, publicKey, platform: platform ?? null, ...reachOf(caller) } }],
  enrol: ({ people, writtenOff, forked }, { caller }) => {
    if (writtenOff)
      return refuse('transition-not-allowed', 'This device was written off. Ask a supervisor to reinstate it first.');
    if (forked)
      return refuse(
        'transition-not-allowed',
        'There are two copies of this device. Connect it again first, so that it gets an identity of its own.',
      );
    const reach = reachOf(caller);
    const now = people.find(({ user }) => user === caller.id);
    const isSame = now?.role === reach.role && now.areas.join() === reach.areas.join();
    return isSame ? [] : [{ type: 'device.enrolled', body: reach }];
  },
  release: ({ people }, { input: { user }, caller }) => {
    if (user !== caller.id && !MAY_RELEASE_OTHERS.includes(caller.role ?? ''))
      return refuse('role-not-allowed', 'Only that person, a supervisor or an admin may do this. Ask one of them.');
    return people.some((person) => person.user === user)
      ? [{ type: 'device.released', body: { user } }]
      : refuse('transition-not-allowed', 'This person is not on this device; there is nothing to release.');
  },
  writeOff: ({ writtenOff }, { subject }, { heard }) =>
    writtenOff
      ? refuse('transition-not-allowed', 'This device is written off already.')
      : [{ type: 'device.written_off', body: seenOf(heard.find(({ device }) => device === subject.id)) }],
  reinstate: ({ writtenOff }) =>
    writtenOff
      ? [{ type: 'device.reinstated', body: {} }]
      : refuse('transition-not-allowed', 'This device is not written off; there is nothing to reinstate.'),
  noteFork: (_state, { input: { deviceSeq } }) => [{ type: 'device.forked', body: { deviceSeq } }],
};

const MAY_RELEASE_OTHERS: readonly string[] = ['supervisor', 'admin'];

const reachOf = ({ role, areas }: { readonly role?: string; readonly areas: readonly string[] }) => ({
  role: role ?? '',
  areas,
});

/** What a device said that it had given and nobody has seen is missing too. */
export function seenOf(heard: Contact | undefined): Seen {
  if (!heard) return { received: 0, lastDeviceSeqSeen: 0, gaps: [], outboxDepth: 0, lastContactAt: null };
  const { received, lastDeviceSeq, outboxDepth, at } = heard;
  const lastDeviceSeqSeen = Math.max(received, lastDeviceSeq);
  const gaps = heard.gaps.map(([from, to]) => ({ from, to }));
  if (lastDeviceSeqSeen > received) gaps.push({ from: received + 1, to: lastDeviceSeqSeen });
  return { received, lastDeviceSeqSeen, gaps, outboxDepth, lastContactAt: at };
}
