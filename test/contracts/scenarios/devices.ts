/** A phone is paired, shared and lost. What it signs is fixed, so that the day needs no clock of its own. */
import { base64, sha256, utf8 } from '../../../shared/kernel/bytes.ts';
import { canonical, type Json } from '../../../shared/kernel/canonical.ts';
import { derivedId } from '../../../shared/kernel/ids.ts';
import { signerFromSeed } from '../../../shared/proof/ed25519.ts';
import type { Scenario } from './scenario.ts';

const key = (name: string) => signerFromSeed(sha256(utf8(`scenario ${name}`)));
const publicKey = (name: string): string => base64(key(name).publicKey);
export const phoneKey = publicKey('phone');
export const PHONE = derivedId('scenario', 'device', 'phone');
export const idOf = (deviceSeq: number): string => derivedId('scenario', 'command', String(deviceSeq));

/** Exactly what the phone sends, signed. */
export function fromPhone(deviceSeq: number, type: string, subject: string, body: object): object {
  const command = {
    ...{ id: idOf(deviceSeq), type, v: 1, subject, body, deviceSeq, observedSeq: 1 },
    ...{ occurredAt: '2026-11-20T22:00:00.000Z', tz: 'Europe/London', clockOffsetMs: 0 },
  };
  const sig = base64(key('phone').sign(utf8(canonical(command as Json))));
  return { deviceId: PHONE, commands: [{ ...command, sig }] };
}

export const devices: readonly Scenario[] = [
  {
    title: 'A phone pairs with its first command',
    route: 'POST /v1/sync/commands',
    by: 'marek',
    body: fromPhone(1, 'devices.pair', PHONE, { name: 'Phone', publicKey: publicKey('phone'), platform: 'Android' }),
    status: 200,
    answer: { outcomes: [{ outcome: 'accepted' }], standing: 'active' },
    events: ['device.paired'],
  },
  {
    title: 'A device is paired over HTTP',
    route: 'POST /v1/devices',
    by: 'dana',
    body: { name: 'Wall tablet', publicKey: publicKey('tablet') },
    status: 201,
    answer: { status: 'active', name: 'Wall tablet', platform: null },
    events: ['device.paired'],
    keep: 'tablet',
  },
  {
    title: 'A key is taken by one device',
    route: 'POST /v1/devices',
    by: 'dana',
    body: { name: 'Its copy', publicKey: publicKey('tablet') },
    status: 409,
    answer: { code: 'already-exists' },
  },
  {
    title: 'What is no key is refused',
    route: 'POST /v1/devices',
    by: 'dana',
    body: { name: 'Wall tablet', publicKey: 'secret' },
    status: 400,
    answer: { code: 'invalid-input', fields: [{ field: '/publicKey' }] },
  },
  {
    title: 'Devices by their standing',
    route: 'GET /v1/devices',
    path: '/v1/devices?status=active',
    by: 'ben',
    status: 200,
    answer: { items: [{ name: 'Wall tablet' }, { name: 'Phone' }] },
  },
  {
    title: 'A device, with what was heard of it',
    route: 'GET /v1/devices/{id}',
    path: `/v1/devices/${PHONE}`,
    by: 'aude',
    status: 200,
    answer: { people: [{ user: '{marek}' }], contact: { received: 1, gaps: [] } },
  },
  {
    title: 'The trail of a device',
    route: 'GET /v1/devices/{id}/trail',
    path: `/v1/devices/${PHONE}/trail`,
    by: 'ana',
    status: 200,
    answer: { events: [{ type: 'device.paired' }] },
  },
  {
    title: 'A second person takes the tablet over',
    route: 'POST /v1/devices/{id}/enrol',
    id: '{tablet.id}',
    by: 'ben',
    status: 200,
    answer: { people: [{ user: '{dana}' }, { user: '{ben}' }] },
    events: ['device.enrolled'],
  },
  {
    title: 'Saying it again changes nothing',
    route: 'POST /v1/devices/{id}/enrol',
    id: '{tablet.id}',
    by: 'ben',
    status: 200,
  },
  {
    title: 'Nobody throws a colleague off a device',
    route: 'POST /v1/devices/{id}/release',
    id: '{tablet.id}',
    by: 'ben',
    body: { user: '{dana}' },
    status: 403,
    answer: { code: 'role-not-allowed' },
  },
  {
    title: 'A person leaves a device',
    route: 'POST /v1/devices/{id}/release',
    id: '{tablet.id}',
    by: 'ben',
    body: { user: '{ben}' },
    status: 200,
    answer: { people: [{ user: '{dana}' }] },
    events: ['device.released'],
  },
  {
    title: 'An engineer does not write off a device',
    route: 'POST /v1/devices/{id}/write-off',
    path: `/v1/devices/${PHONE}/write-off`,
    by: 'marek',
    body: { reason: 'Lost' },
    status: 403,
    answer: { code: 'role-not-allowed' },
  },
  {
    title: 'A lost phone is written off, with a reason',
    route: 'POST /v1/devices/{id}/write-off',
    path: `/v1/devices/${PHONE}/write-off`,
    by: 'ana',
    body: { reason: 'Lost in the cellar' },
    status: 200,
    answer: { status: 'written-off', writtenOff: { reason: 'Lost in the cellar', received: 1 } },
    events: ['device.written_off'],
  },
];
