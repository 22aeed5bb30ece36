/** Which devices may still hold entries of a shift: what the seal waits for, or names as its exceptions. */
import { SILENT_AFTER, type Contact } from '../../kernel/device.ts';
import { localDate, localTime } from '../../kernel/local-time.ts';
import type { Row } from '../../kernel/read.ts';
import { isWithin, mayAtAll } from '../../kernel/roles.ts';
import type { DeviceState } from '../devices/contract.ts';
import { localMoment } from './wording.ts';

export interface MissingDevice {
  readonly device: string;
  readonly name: string;
  /** Whose credential spoke last. */
  readonly user: string | null;
  readonly lastContact: string | null;
  readonly lastDeviceSeq: number;
  readonly received: number;
  /** Numbers that never arrived, as closed ranges. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
  readonly outboxDepth: number;
  readonly why: readonly ('gaps' | 'waiting' | 'silent')[];
  /** All of it in plain words. */
  readonly says: string;
}

interface Period {
  readonly area: string;
  readonly to: string;
}

/** A device that was last heard so long before the shift's end has no part in it. */
const FORGOTTEN_AFTER = 7 * 24 * 3_600_000;

export function missingDevices(
  shift: Period,
  contacts: readonly Contact[],
  devices: readonly Row<DeviceState>[],
  now: string,
  zone: string,
): readonly MissingDevice[] {
  const known = new Map(devices.map(({ key, value }) => [key, value]));
  return contacts.flatMap((contact) => {
    const state = known.get(contact.device);
    if (state && (state.writtenOff || !maySpeakIn(shift.area, state))) return [];
    const why = reasons(contact, state !== undefined, shift, now);
    if (!why.length) return [];
    const { device, user, at, lastDeviceSeq, received, outboxDepth } = contact;
    const gaps = contact.gaps.map(([from, to]) => ({ from, to }));
    const name = state?.name ?? `…${device.slice(-8)}`;
    const says = inWords(contact, name, why, now, zone);
    return [{ device, name, user, lastContact: at, lastDeviceSeq, received, gaps, outboxDepth, why, says }];
  });
}

/** Somebody of the device may write in the area, around it or inside it: what happens inside belongs to the shift too. */
const maySpeakIn = (area: string, { people }: DeviceState): boolean =>
  people.some(
    ({ user, role, areas }) =>
      mayAtAll({ kind: 'user', id: user, role, areas }, 'log.write') &&
      (!areas.length || areas.some((own) => isWithin(area, own) || isWithin(own, area))),
  );

/** A device that nobody has paired counts only for what is known to be missing from it. */
function reasons(contact: Contact, isPaired: boolean, { to }: Period, now: string): MissingDevice['why'] {
  const { gaps, at } = contact;
  const spoke = at === null ? Number.NaN : Date.parse(at);
  const isSilent = isPaired && Date.parse(now) - spoke > SILENT_AFTER && spoke >= Date.parse(to) - FORGOTTEN_AFTER;
  return [
    ...(gaps.length ? (['gaps'] as const) : []),
    ...(waitingOn(contact) ? (['waiting'] as const) : []),
    ...(isSilent ? (['silent'] as const) : []),
  ];
}

const waitingOn = ({ outboxDepth, lastDeviceSeq, received }: Contact): number =>
  Math.max(outboxDepth, lastDeviceSeq - received, 0);

const MOST_GAPS = 5;

function inWords(contact: Contact, name: string, why: MissingDevice['why'], now: string, zone: string): string {
  const { at, gaps } = contact;
  const waiting = waitingOn(contact);
  const ranges = gaps.slice(0, MOST_GAPS).map(([from, to]) => (from === to ? String(from) : `${from}–${to}`));
  const more = gaps.length > MOST_GAPS ? ` and ${gaps.length - MOST_GAPS} more ranges` : '';
  const isOne = gaps.length === 1 && gaps[0]![0] === gaps[0]![1];
  const heard =
    at === null ? 'never heard of directly' : `${why.includes('silent') ? 'silent since' : 'heard at'} ${moment(at)}`;
  return [
    `Device ${name} ${heard}`,
    ...(waiting ? [`${waiting} ${waiting === 1 ? 'entry' : 'entries'} waiting when last heard`] : []),
    ...(gaps.length ? [`${isOne ? 'entry' : 'entries'} ${ranges.join(', ')}${more} missing`] : []),
  ].join(', ');

  function moment(time: string): string {
    const isToday = localDate(time, zone) === localDate(now, zone);
    return isToday ? localTime(time, zone) : localMoment(time, zone);
  }
}
