/** From what a person asked to the final bytes of a device's command, and back to what the rules are asked. */
import { canonical, type Json } from '../../shared/kernel/canonical.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import type { Caller, Command } from '../../shared/kernel/command.ts';
import type { Recorded } from '../../shared/kernel/event.ts';
import type { Register } from '../../shared/kernel/register.ts';
import type { DeviceCommand } from '../../shared/sync/messages.ts';
import type { Entry } from '../../shared/sync/outbox.ts';
import type { Pending } from '../provisional.ts';
import type { Identity } from '../identity.ts';

/** The device's signature covers the canonical JSON of all other members. */
export function signed(identity: Identity, draft: Omit<DeviceCommand, 'sig'>): DeviceCommand {
  const sig = identity.sign(utf8(canonical(draft as Json)));
  return sig === undefined ? draft : { ...draft, sig };
}

export const entryOf = (identity: Identity, draft: Omit<DeviceCommand, 'sig'>, shown: readonly Recorded[]): Entry => ({
  device: identity.deviceId,
  command: signed(identity, draft),
  shown,
  state: 'waiting',
  tries: 0,
  notBefore: 0,
  flags: [],
  revision: 1,
});

/** The same under another identity: the id stays, so that the server knows it again. */
export function renumbered(identity: Identity, entry: Entry, deviceSeq: number): Entry {
  const { sig: _sig, ...draft } = entry.command;
  return {
    ...entry,
    device: identity.deviceId,
    command: signed(identity, { ...draft, deviceSeq }),
    renumbered: true,
    revision: entry.revision + 1,
  };
}

export function pendingOf(
  register: Register,
  { command, device, shown }: Entry,
  org: string,
  callerOf: (author: string) => Caller | undefined,
): Pending | undefined {
  const entry = register.commands.get(command.type);
  const actor = shown[0]?.actor;
  const author = command.author ?? actor?.id ?? '';
  if (!entry) return undefined;
  const caller: Caller = callerOf(author) ?? { kind: 'user', id: author, ...actor, org, areas: [] };
  const asked: Command = {
    id: command.id,
    org,
    type: command.type,
    subject: { kind: entry.feature.kind, id: command.subject },
    input: command.body,
    caller,
    device,
    occurredAt: command.occurredAt,
    recordedAt: command.occurredAt,
    ...(command.shift === undefined ? {} : { shift: command.shift }),
  };
  return { command: asked, order: command.deviceSeq, shown };
}
