/** Photos that do not arrive as they are: damaged, forbidden, too large. Each is kept, or somebody is told. */
import { afterAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import { kept, photo, photographers, sentences } from '../kit/photographer.ts';

const { server, plant, token, aDevice, onServer } = await photographers();
afterAll(() => server.close());

describe('[L7] what the server does not take is kept, and somebody is told what to do', () => {
  test('damaged on the way once: sent again; damaged always: told, and sent with the next connection', async () => {
    const device = aDevice();
    device.faults = ({ method, n }) => (method === 'PATCH' && n < 2 ? 'damaged' : 'none');
    const evidence = await device.open();
    await kept(evidence, photo(50));
    await device.reaches('stored', () => evidence.waiting() === 0);
    expect(sentences(device)).toEqual([]);

    device.faults = ({ method }) => (method === 'PATCH' ? 'damaged' : 'none');
    const sha256 = await kept(evidence, photo(51), 'seal.jpg');
    await device.reaches('told', () => sentences(device).length > 0);
    expect(sentences(device)[0]).toMatch(/^seal\.jpg: it arrived damaged twice\. It is kept here/);
    expect([evidence.waiting(), (await evidence.get(sha256))?.length]).toEqual([1, 51]);
    device.faults = () => 'none';
    evidence.wake();
    await device.reaches('stored', () => evidence.waiting() === 0);
    expect(sentences(device)).toEqual([]);
  });

  test('damaged on the device', async () => {
    const device = aDevice();
    device.faults = () => 'no answer';
    const evidence = await device.open();
    const bytes = photo(50);
    const sha256 = await kept(evidence, bytes);
    const [file] = await device.blobs.all();
    await device.blobs.put(
      file!,
      bytes.map((byte) => byte ^ 1),
    );
    device.faults = () => 'none';
    evidence.wake();
    await device.reaches('told', () => sentences(device).length > 0);
    expect(sentences(device)[0]).toContain('damaged on this device, so the server did not take it. Attach it again.');
    expect(await onServer(sha256)).toBeUndefined();
    await kept(evidence, bytes);
    await device.reaches('stored', () => evidence.waiting() === 0);
    expect([await onServer(sha256), sentences(device)]).toEqual([bytes, []]);
  });

  test('taken away by the system before it was sent', async () => {
    const device = aDevice({ bytes: async () => undefined });
    // While the server cannot say, nothing is given up.
    device.faults = () => 'busy';
    const evidence = await device.open();
    await kept(evidence, photo(50));
    await device.reaches('asked', () => device.asked.length > 1);
    expect([evidence.waiting(), sentences(device)]).toEqual([1, []]);
    device.faults = () => 'none';
    await device.reaches('told', () => sentences(device).length > 0);
    expect(sentences(device)[0]).toContain('Attach it again.');
    expect(evidence.waiting()).toBe(0);
  });

  test('a role that may not: the one behind it is not held up by it', async () => {
    const device = aDevice();
    device.token = (await server.token(plant, 'auditor', { user: 'Aude' })).token;
    const evidence = await device.open();
    const first = await kept(evidence, photo(50), 'a.jpg');
    await device.reaches('told', () => sentences(device).length === 1);
    expect(sentences(device)[0]).toMatch(/^a\.jpg: it was not stored: The role auditor may not .* It is kept here\.$/);
    device.token = token;
    const second = await kept(evidence, photo(51), 'b.jpg');
    await device.reaches('the second', () => evidence.waiting() === 1);
    expect([await onServer(first), (await onServer(second))?.length]).toEqual([undefined, 51]);
    evidence.wake();
    await device.reaches('stored', () => evidence.waiting() === 0);
  });

  test('with a token that does not hold it waits until somebody wakes it', async () => {
    const device = aDevice();
    device.token = 'opy_live_nonsense';
    const evidence = await device.open();
    await kept(evidence, photo(50));
    await device.reaches('asked', () => device.asked.length === 2);
    await device.clock.pass(10 * 60_000);
    expect([device.asked.length, sentences(device)]).toEqual([2, []]);
    // Woken while a request with the old token is under way.
    device.faults = () => {
      evidence.wake();
      device.faults = () => 'none';
      return 'none';
    };
    evidence.wake();
    await device.reaches('asked again', () => device.asked.length === 6);
    device.token = token;
    evidence.wake();
    await device.reaches('stored', () => evidence.waiting() === 0);
  });

  test('junk under its name on the server is cleared away', async () => {
    const device = aDevice();
    const bytes = photo(50);
    await server.ask(`PATCH /v1/files/${sha256Hex(bytes)}`, {
      token,
      body: new Uint8Array(80),
      headers: {
        'content-type': 'application/partial-upload',
        'upload-offset': '0',
        'upload-length': '100',
        'upload-complete': '?0',
      },
    });
    const evidence = await device.open();
    await kept(evidence, bytes);
    await device.reaches('stored', () => evidence.waiting() === 0);
    expect(await onServer(sha256Hex(bytes))).toEqual(bytes);
  });

  test('nothing that is empty or larger than 20 MiB is begun with', async () => {
    const device = aDevice();
    const evidence = await device.open();
    expect(await evidence.keep(new Uint8Array(), 'a.jpg', '')).toMatchObject({ refused: 'invalid-input' });
    const huge = new Uint8Array(20 * 1024 * 1024 + 1);
    expect(await evidence.keep(huge, 'film.mp4', '')).toMatchObject({ refused: 'too-large' });
    expect([evidence.waiting(), await device.blobs.all()]).toEqual([0, []]);
  });
});
