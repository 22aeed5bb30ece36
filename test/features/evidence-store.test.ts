/** Photos in the store of the device: full, broken, shared between windows, and what may go from it. */
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterAll, describe, expect, test } from 'vitest';
import { openBlobs } from '../../plugin/device/blobs.ts';
import { StoreFull } from '../../plugin/evidence/ports.ts';
import { PIECE } from '../../plugin/evidence/transfer.ts';
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import { kept, photo, photographers, sentences } from '../kit/photographer.ts';
import { until } from '../kit/until.ts';

const DAY = 24 * 60 * 60_000;
const { server, token, aDevice } = await photographers();
afterAll(() => server.close());

describe('the store of the device', () => {
  test('when it is full, what the server has makes room; then it is said, and nothing is named', async () => {
    const room = { left: 100 };
    const device = aDevice();
    const { put, drop } = device.blobs;
    device.blobs.put = async (file, bytes) => {
      if (bytes.length > room.left) throw new StoreFull();
      room.left -= bytes.length;
      await put(file, bytes);
    };
    device.blobs.drop = async (sha256) => {
      room.left += (await device.blobs.bytes(sha256))?.length ?? 0;
      await drop(sha256);
    };
    const evidence = await device.open();
    await kept(evidence, photo(80));
    await device.reaches('stored', () => evidence.waiting() === 0);
    await kept(evidence, photo(90));
    device.faults = () => 'no answer';
    expect(await evidence.keep(photo(95), 'c.jpg', '')).toMatchObject({
      refused: 'not-ready',
      detail: expect.stringContaining('no room left') as string,
    });
  });

  test('when it fails, the entry is not made', async () => {
    const device = aDevice({ put: () => Promise.reject(new Error('The disk is gone')) });
    const evidence = await device.open();
    expect(await evidence.keep(photo(9), 'a.jpg', '')).toMatchObject({
      refused: 'not-ready',
      detail: expect.stringContaining('The disk is gone') as string,
    });
    expect(evidence.waiting()).toBe(0);
  });

  test('when it cannot be read, somebody is told, and it is tried again', async () => {
    const device = aDevice();
    const { all } = device.blobs;
    device.blobs.all = () => Promise.reject(new Error('The disk is gone'));
    const evidence = await device.open();
    expect(sentences(device)[0]).toContain('The disk is gone');
    device.blobs.all = all;
    evidence.wake();
    await kept(evidence, photo(12));
  });

  test('a day after the server has it, a large one goes; small ones stay to be shown', async () => {
    const device = aDevice();
    const evidence = await device.open();
    const [small, large] = [photo(1000), photo(PIECE + 1)];
    await kept(evidence, small);
    await kept(evidence, large);
    await device.reaches('stored', () => evidence.waiting() === 0);
    await device.clock.pass(DAY - 60 * 60_000);
    await device.open();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await device.blobs.all()).toHaveLength(2);
    await device.clock.pass(2 * 60 * 60_000);
    const later = await device.open();
    await until('gone', async () => (await device.blobs.all()).length === 1 || undefined);
    device.faults = () => 'no answer';
    expect(await later.get(sha256Hex(small))).toEqual(small);
    expect(await later.get(sha256Hex(large))).toBeUndefined();
    device.faults = () => 'none';
    expect(await later.get(sha256Hex(large))).toEqual(large);
    expect(await later.get('0'.repeat(64))).toBeUndefined();
  });

  test('another window may have sent it and let it go', async () => {
    const device = aDevice();
    device.faults = () => 'no answer';
    const here = await device.open();
    const bytes = photo(33);
    const sha256 = await kept(here, bytes);
    await server.ask(`PUT /v1/files/${sha256}`, { token, body: bytes });
    await device.blobs.drop(sha256);
    device.faults = () => 'none';
    here.wake();
    await device.reaches('known', () => here.waiting() === 0);
    expect(sentences(device)).toEqual([]);
  });

  test('on disk it is one record with its bytes, reopened after it was closed, and full when the quota is', async () => {
    const factory = new IDBFactory();
    const blobs = openBlobs(factory, 'vault-1');
    const file = { sha256: 'a'.repeat(64), size: 3, name: 'a.jpg', type: 'image/jpeg', keptAt: 1 };
    // A view into something larger must not take the rest along.
    await blobs.put(file, Uint8Array.of(9, 1, 2, 3, 9).subarray(1, 4));
    await blobs.note({ ...file, storedAt: 2 });
    blobs.close();
    expect(await blobs.all()).toEqual([{ ...file, storedAt: 2 }]);
    const again = openBlobs(factory, 'vault-1');
    expect([...(await again.bytes(file.sha256))!]).toEqual([1, 2, 3]);
    expect(await openBlobs(factory, 'vault-2').all()).toEqual([]);
    await again.drop(file.sha256);
    expect([await blobs.all(), await blobs.bytes(file.sha256)]).toEqual([[], undefined]);

    const stores = IDBObjectStore.prototype;
    const { put } = stores;
    try {
      stores.put = function (this: InstanceType<typeof IDBObjectStore>, ...given) {
        const request = put.apply(this, given);
        // As a browser does it: the requests are taken, and the transaction fails when it should reach the disk.
        const { transaction } = this as unknown as { transaction: { _abort(name: string): void } };
        if (this.name === 'files') transaction._abort('QuotaExceededError');
        return request;
      };
      await expect(blobs.put(file, Uint8Array.of(1))).rejects.toThrow(StoreFull);
      stores.put = () => {
        throw new DOMException('Cannot be cloned.', 'DataCloneError');
      };
      await expect(blobs.put(file, Uint8Array.of(1))).rejects.toThrow('Cannot be cloned.');
    } finally {
      stores.put = put;
    }
    expect(await blobs.all()).toEqual([]);
    await blobs.put(file, Uint8Array.of(1));
    expect(await blobs.all()).toHaveLength(1);
  });
});
