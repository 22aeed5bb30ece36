import { SILENT_AFTER } from '../../kernel/device.ts';
import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { contacts } from '../../kernel/read.ts';
import { commands, entity, events, statusOf, type DeviceState } from './contract.ts';
import { decide, reads, seenOf } from './decider.ts';
import { evolve, initial } from './evolve.ts';
import { note } from './note.ts';

const FOREVER = '1970-01-01T00:00:00.000Z';

export const devices = feature({
  name: 'devices',
  kind: 'device',
  letter: 'V',
  summary: 'Devices with a key of their own, who uses them, and what became of them',
  commands,
  events,
  entity,
  initial,
  view: ({ forked, writeOffs, ...state }: DeviceState, { id, number }) => ({
    id,
    number,
    ref: shortNumber('V', number),
    status: statusOf({ ...state, forked, writeOffs }),
    ...state,
  }),
  async details(_state: DeviceState, id, load, at?: { readonly now: string }) {
    const heard = (await load(contacts())).find(({ device }) => device === id);
    const { lastDeviceSeqSeen: lastDeviceSeq, ...seen } = seenOf(heard);
    const silence = at && { isSilent: Date.parse(at.now) - Date.parse(heard?.at ?? FOREVER) > SILENT_AFTER };
    return { contact: { user: heard?.user ?? null, lastDeviceSeq, ...seen, ...silence } };
  },
  decide,
  reads,
  evolve,
  tracked: ['publicKey', 'people', 'forked'],
  areaOf: () => undefined,
  readers: 'people.read',
  travels: { where: () => [{}], holds: () => true },
  columns: { status: (state) => statusOf(state), publicKey: (state) => state.publicKey },
  filters: ['status'],
  titleOf: (state) => state.name,
  devices: (state) => ({
    publicKey: state.publicKey,
    isWrittenOff: state.writtenOff !== null,
    isForked: state.forked,
    people: state.people,
  }),
  forks: 'noteFork',
  note,
});
