/** A tablet that several people use, at a server of rooms: paired by the first, taken over by the others, with a key that signs for them. */
import { canonical } from '../../shared/kernel/canonical.ts';
import { base64, sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import type { Caller } from '../../shared/kernel/command.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { signerFromSeed } from '../../shared/proof/ed25519.ts';
import type { Person, RoomServer } from './rooms-server.ts';

/** With the reach that they take the tablet over with; a supervisor's everywhere without one. */
export type Hand = Person & { readonly role?: string; readonly areas?: readonly string[] };

export interface Tablet {
  readonly id: string;
  /** The body as this device sends it. */
  signed<T extends object>(body: T): T & { readonly deviceId: string; readonly sig: string };
  /** Something that becomes of the device or of a person, done by this one. */
  does(
    person: Hand,
    type: string,
    subject: { readonly kind: string; readonly id: string },
    input?: object,
  ): Promise<void>;
}

const freshId = () => uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));

export async function aTablet({ ledger }: RoomServer, people: readonly Hand[]): Promise<Tablet> {
  const id = freshId();
  const signer = signerFromSeed(crypto.getRandomValues(new Uint8Array(32)));
  const does: Tablet['does'] = async ({ org, user, role = 'supervisor', areas = [] }, type, subject, input = {}) => {
    const caller: Caller = { kind: 'user', id: user, role, org, areas };
    const [outcome] = await ledger.transact([{ id: freshId(), org, type, subject, input, caller, device: id }]);
    if (outcome?.outcome !== 'accepted') throw new Error(JSON.stringify(outcome));
  };
  const self = { kind: 'device', id };
  const [first, ...others] = people;
  await does(first!, 'devices.pair', self, {
    name: `Tablet ${sha256Hex(utf8(id)).slice(0, 4)}`,
    publicKey: base64(signer.publicKey),
  });
  for (const other of others) await does(other, 'devices.enrol', self);
  return {
    id,
    signed(body) {
      const asked = { ...body, deviceId: id };
      return { ...asked, sig: base64(signer.sign(utf8(canonical(asked)))) };
    },
    does,
  };
}
