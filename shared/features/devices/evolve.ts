/** What each event makes of a device. */
import type { Evolve } from '../../kernel/feature.ts';
import type { DeviceState, events } from './contract.ts';

export const initial: DeviceState = {
  name: '',
  platform: null,
  publicKey: '',
  pairedBy: '',
  pairedAt: '',
  people: [],
  writtenOff: null,
  writeOffs: [],
  forked: false,
};

type Person = DeviceState['people'][number];
const withPerson = (people: readonly Person[], person: Person): readonly Person[] => [
  ...people.filter(({ user }) => user !== person.user),
  person,
];

export const evolve: Evolve<DeviceState, typeof events> = {
  'device.paired': (state, { body: { name, platform, publicKey, role, areas }, actor, occurredAt }) => ({
    ...state,
    name,
    platform,
    publicKey,
    pairedBy: actor.id,
    pairedAt: occurredAt,
    people: [{ user: actor.id, role, areas }],
  }),
  'device.enrolled': (state, { body: { role, areas }, actor }) => ({
    ...state,
    people: withPerson(state.people, { user: actor.id, role, areas }),
  }),
  'device.released': (state, { body }) => ({ ...state, people: state.people.filter(({ user }) => user !== body.user) }),
  'device.written_off': (state, { body, actor, occurredAt, seq }) => {
    const { received, lastDeviceSeqSeen, gaps, outboxDepth, lastContactAt, reason = '' } = body;
    const seen = { received, lastDeviceSeqSeen, gaps, outboxDepth, lastContactAt };
    return {
      ...state,
      writtenOff: { by: actor.id, at: occurredAt, reason, ...seen },
      writeOffs: [...state.writeOffs, { from: seq, to: null }],
    };
  },
  'device.reinstated': (state, { seq }) => ({
    ...state,
    writtenOff: null,
    writeOffs: state.writeOffs.map(({ from, to }) => ({ from, to: to ?? seq })),
  }),
  'device.forked': (state) => ({ ...state, forked: true }),
};
