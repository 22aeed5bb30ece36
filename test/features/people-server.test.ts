/** People of a shared tablet against a real server: whom it takes as the author of what the device signs. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deviceRandom } from '../../plugin/device/keys.ts';
import type { Link } from '../../plugin/link.ts';
import { canonical, type Json } from '../../shared/kernel/canonical.ts';
import { base64, utf8 } from '../../shared/kernel/bytes.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { signerFromSeed } from '../../shared/proof/ed25519.ts';
import { aServer, type AServer, type Plant } from '../kit/a-server.ts';
import { offline, tablet } from '../kit/shared-tablet.ts';

describe('with the server', () => {
  let server: AServer;
  let plant: Plant;
  beforeAll(async () => {
    server = await aServer();
    plant = await server.plant();
  });
  afterAll(() => server.close());

  const linkAs = (token: string): Link => ({
    ...offline,
    async request(method, path, body, key) {
      const {
        status,
        body: json,
        bytes,
      } = await server.ask(`${method} ${path}`, {
        token,
        body,
        ...(key === undefined ? {} : { key }),
      });
      return { status, json, bytes };
    },
  });

  test('[L10] whoever was added with a token is the author of what the device signs; a stranger is not', async () => {
    const owner = await server.token(plant, 'operator', { user: 'Ben' });
    const engineer = await server.token(plant, 'maintenance_engineer', { user: 'Marek', areas: ['leeds'] });
    const stranger = await server.token(plant, 'operator', { user: 'Nia' });
    const signer = signerFromSeed(deviceRandom(32));
    let made = 0;
    const say = async (type: string, subject: string, body: object, author?: string) => {
      const asked = {
        ...{ id: uuidV7(Date.now(), deviceRandom(10)), type, v: 1, subject, body, deviceSeq: ++made, observedSeq: 0 },
        ...{ occurredAt: new Date().toISOString(), tz: 'Europe/London', clockOffsetMs: 0 },
        ...(author ? { author } : {}),
      };
      const sig = base64(signer.sign(utf8(canonical(asked as Json))));
      const answer = await server.ask('POST /v1/sync/commands', {
        token: owner.token,
        body: { deviceId: it.device, commands: [{ ...asked, sig }] },
      });
      return answer.body.outcomes[0];
    };
    const it = tablet();
    it.device = uuidV7(Date.now(), deviceRandom(10));
    it.organisation = plant.org;
    it.linkAs = linkAs;
    const people = it.open();
    people.met({ id: owner.user, kind: 'user', role: 'operator', areas: [] });

    expect(await people.add(engineer.token)).toMatchObject({ refused: 'not-ready' });
    const pairing = { name: 'Tablet', publicKey: base64(signer.publicKey), platform: 'android' };
    expect(await say('devices.pair', it.device, pairing)).toMatchObject({ outcome: 'accepted' });
    const added = await people.add(` ${engineer.token}\n`);
    expect(added).toMatchObject({ user: engineer.user, role: 'maintenance_engineer', areas: ['leeds'] });
    expect(await people.add(engineer.token)).toMatchObject({ user: engineer.user });
    expect(await people.add(owner.token)).toMatchObject({ user: owner.user });

    const task = uuidV7(Date.now(), deviceRandom(10));
    const wanted = { title: 'Check pump', area: 'leeds/packaging' };
    expect(await say('tasks.create', task, wanted, people.all[0]!.user)).toMatchObject({ outcome: 'accepted' });
    const other = uuidV7(Date.now(), deviceRandom(10));
    expect(await say('tasks.create', other, wanted, stranger.user)).toMatchObject({ outcome: 'rejected' });
    const [event] = (await server.ledger.events(plant.org, 0, 1000)).filter(({ type }) => type === 'task.created');
    expect(event).toMatchObject({ actor: { id: engineer.user }, device: it.device });
  });

  test('a token that the server does not know is answered in its words, and stands in no log', async () => {
    const it = tablet();
    it.organisation = plant.org;
    it.linkAs = linkAs;
    const people = it.open();
    expect(await people.add('opy_live_nonsense')).toMatchObject({ refused: 'unauthenticated' });
    expect(people.all).toEqual([]);
    expect(server.lines.join()).not.toContain('nonsense');
  });
});
