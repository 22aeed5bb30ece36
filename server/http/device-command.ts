/** From what a device sent to a command for the door: parsed, its author known, its signature checked (L10). */
import { canonical, type Json } from '../../shared/kernel/canonical.ts';
import { fromBase64, sha256HexOfText, utf8 } from '../../shared/kernel/bytes.ts';
import type { Caller, Command } from '../../shared/kernel/command.ts';
import type { SignedCommand } from '../../shared/kernel/device.ts';
import type { DeviceStanding } from '../../shared/kernel/held.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import type { CommandEntry, Register } from '../../shared/kernel/register.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { verifyEd25519 } from '../../shared/proof/ed25519.ts';
import { DeviceCommand } from '../../shared/sync/messages.ts';
import { parsedBy } from './parsed.ts';

export async function standingOf(
  ledger: Ledger,
  { devices }: Register,
  org: string,
  device: string,
): Promise<DeviceStanding | undefined> {
  const stream = devices && (await ledger.stream(org, devices.kind, device));
  return stream && devices?.devices?.(stream.state);
}

/** `bearer`: whose credential brought it. A device without a key of its own (`standing` undefined) speaks for nobody else. */
export function deviceCommandOf(
  register: Register,
  bearer: Caller,
  device: string,
  standing: DeviceStanding | undefined,
  given: Readonly<Record<string, unknown>>,
): Command | Refusal {
  const parsed = parsedBy(DeviceCommand, { json: given });
  if (isRefusal(parsed)) return parsed;
  const entry = register.commands.get(parsed.type);
  if (!entry || entry.word.internal) return refuse('not-found', `There is no command ${parsed.type}.`);
  if (entry.word.mints)
    return refuse('invalid-input', `${parsed.type} answers with a secret that is shown once: ask for it over HTTP.`);
  if (entry.word.online)
    return refuse('invalid-input', `${parsed.type} is decided at the server only: ask for it over HTTP, when online.`);
  const { sig, ...asked } = given;
  const text = canonical(asked as Json);
  const key = standing?.publicKey ?? ownKeyIn(register, entry, device, parsed);
  const signed = signedBy(key, text, sig, standing !== undefined);
  if (isRefusal(signed)) return signed;
  const caller = authorOf(bearer, standing, parsed.author);
  if (isRefusal(caller)) return caller;
  const { deviceSeq, observedSeq, tz, clockOffsetMs } = parsed;
  return {
    id: parsed.id,
    org: bearer.org,
    type: parsed.type,
    subject: { kind: entry.feature.kind, id: parsed.subject },
    input: parsed.body,
    caller,
    device,
    made: { deviceSeq, observedSeq, tz, clockOffsetMs },
    occurredAt: parsed.occurredAt,
    recordedAt: parsed.occurredAt,
    askedSha256: sha256HexOfText(text),
    keepRefusal: true,
    ...(signed ? { signed } : {}),
    ...(parsed.shift === undefined ? {} : { shift: parsed.shift }),
    ...(caller.id === bearer.id ? {} : { submittedBy: bearer.id }),
  };
}

/** The command that pairs a device is signed with the key that it brings. */
function ownKeyIn(
  { devices }: Register,
  { feature, word }: CommandEntry,
  device: string,
  { subject, body }: { readonly subject: string; readonly body: Readonly<Record<string, unknown>> },
): string | undefined {
  const { publicKey } = body;
  return feature === devices && word.creates && subject === device && typeof publicKey === 'string'
    ? publicKey
    : undefined;
}

/** A device without a key may send without a signature; a signature that is there must hold. */
export function signedBy(
  publicKey: string | undefined,
  text: string,
  sig: unknown,
  isDemanded: boolean,
): SignedCommand | Refusal | undefined {
  if (publicKey === undefined || (sig === undefined && !isDemanded)) return undefined;
  const isGood = typeof sig === 'string' && verifyEd25519(bytesOf(sig), utf8(text), bytesOf(publicKey));
  return isGood
    ? { text, signature: sig }
    : refuse('signature-invalid', 'This device has a key, and this was not signed with it. Connect the device again.');
}

function bytesOf(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch {
    return new Uint8Array();
  }
}

/** On a device that several people use, the device's signature speaks for those who took it over with their own credential. */
export function authorOf(
  bearer: Caller,
  standing: DeviceStanding | undefined,
  author: string | undefined,
  field = '/author',
): Caller | Refusal {
  if (author === undefined || author === bearer.id) return bearer;
  const person = standing?.people.find(({ user }) => user === author);
  if (!person)
    return refuse(
      'role-not-allowed',
      'Its author has not signed in on this device. Sign in there once, while online.',
      {
        fields: [{ field, problem: 'not one of the people of this device' }],
      },
    );
  return { kind: 'user', id: author, role: person.role, areas: person.areas, org: bearer.org };
}
