/** Devices: each has an identity and a key of its own, people who have taken it over, and a way out when it is lost or copied. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { asked, erasable, line, text, uuid } from '../../kernel/schema.ts';

// The one spelling of 32 bytes: the last character before "=" carries four bits and two zeros.
const publicKey = z
  .string()
  .regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/, 'Must be an Ed25519 public key: 32 bytes in base64.')
  .meta({ description: 'Ed25519 public key, 32 bytes in base64' });
const reason = erasable(text(2000));

export const commands = {
  pair: command(
    { name: line(60), publicKey, platform: line(60).optional() },
    { permission: 'device.pair', creates: true, title: 'Pair device', byDevice: true },
  ),
  enrol: command({}, { permission: 'device.pair', title: 'Take over device', online: true, byDevice: true }),
  release: command(
    {
      user: asked(uuid, { label: 'Person' }).meta({ description: 'The person who no longer uses this device' }),
    },
    { permission: 'device.pair', title: 'Release person from device', online: true },
  ),
  writeOff: command(
    { reason },
    {
      permission: 'device.write-off',
      title: 'Write off device',
      online: true,
      final: 'What this device still brings waits for a supervisor from now on.',
    },
  ),
  reinstate: command({ reason }, { permission: 'device.write-off', title: 'Reinstate device', online: true }),
  noteFork: command(
    { deviceSeq: z.int().min(1) },
    { permission: 'device.watch', title: 'Note copy of device', internal: true },
  ),
} as const;

const reach = { role: z.string(), areas: z.array(z.string()) };
const gap = z.object({ from: z.int(), to: z.int() });
const seen = {
  /** The highest number that arrived, and the highest that the device said it had given. */
  received: z.int(),
  lastDeviceSeqSeen: z.int(),
  /** The numbers that are missing, as closed ranges. */
  gaps: z.array(gap),
  /** How many commands it said still wait there, when it last spoke. */
  outboxDepth: z.int(),
  lastContactAt: z.string().nullable(),
};

export const events = {
  'device.paired': event({ name: erasable(z.string()), publicKey, platform: z.string().nullable(), ...reach }),
  'device.enrolled': event(reach),
  'device.released': event({ user: uuid }),
  'device.written_off': event(seen),
  'device.reinstated': event({}),
  'device.forked': event({ deviceSeq: z.int() }),
} as const;

export type Seen = z.output<(typeof events)['device.written_off']['body']>;

const enrolled = z.object({ user: uuid, ...reach });
const writtenOff = z.object({ by: z.string(), at: z.string(), reason: z.string(), ...seen });

export interface DeviceState {
  readonly name: string;
  readonly platform: string | null;
  readonly publicKey: string;
  readonly pairedBy: string;
  readonly pairedAt: string;
  /** Who has taken it over with a credential of their own; the first is whoever paired it. */
  readonly people: readonly z.output<typeof enrolled>[];
  readonly writtenOff: z.output<typeof writtenOff> | null;
  /** Positions between which it was written off: what arrived there was held for that. `to`: null while it is. */
  readonly writeOffs: readonly { readonly from: number; readonly to: number | null }[];
  /** Two copies of it have spoken. */
  readonly forked: boolean;
}

export const status = z.enum(['active', 'forked', 'written-off']);
export const statusOf = ({ writtenOff: lost, forked }: DeviceState): z.output<typeof status> =>
  lost ? 'written-off' : forked ? 'forked' : 'active';

export const wasWrittenOffAt = ({ writeOffs }: DeviceState, seq: number): boolean =>
  writeOffs.some(({ from, to }) => from < seq && (to === null || seq < to));

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  name: z.string(),
  platform: z.string().nullable(),
  status,
  publicKey,
  pairedBy: z.string(),
  pairedAt: z.string(),
  people: z.array(enrolled),
  writtenOff: writtenOff.nullable(),
  contact: z
    .object({
      user: z.string().nullable(),
      lastDeviceSeq: z.int(),
      received: z.int(),
      gaps: z.array(gap),
      outboxDepth: z.int(),
      lastContactAt: z.string().nullable(),
      isSilent: z.boolean().optional(),
    })
    .meta({ description: 'What the server noticed of it; not part of the record' })
    .optional(),
});

export const devicesAll = (): Read<readonly Row<DeviceState>[]> => select('devices', { order: 'oldest' });
export const devicesAmong = (ids: readonly string[]): Read<readonly Row<DeviceState>[]> =>
  select('devices', { where: { key: { in: ids } } });
export const devicesWithKey = (key: string): Read<readonly Row<DeviceState>[]> =>
  select('devices', { where: { publicKey: key }, order: 'oldest', limit: 1 });
