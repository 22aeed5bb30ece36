/** An auditor walks the log of a day: every commit signed, each head a continuation of the last, every entry provable, all of it to be mirrored. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { base64, fromBase64 } from '../../shared/kernel/bytes.ts';
import { openCheckpoint, type Checkpoint } from '../../shared/proof/checkpoint.ts';
import { parseEntryBundle, tileHashes, tilePath, tilesOfLevel } from '../../shared/proof/tiles.ts';
import { leafHash, rootOfLeafHashes, verifyConsistency, verifyInclusion } from '../../shared/proof/tree.ts';
import { liveThroughTheDay } from '../demo/day.ts';
import { apiOf, type Api } from '../kit/api.ts';
import { leedsWorks, type Leeds } from '../kit/leeds.ts';
import { listed, refusal } from '../kit/shapes.ts';

let leeds: Leeds;
let logKey: string;
let latest: Checkpoint;
/** Sizes of the log, one for each commit. */
const commits: number[] = [];
const aude = (): Api => leeds.plant.aude;
beforeAll(async () => {
  leeds = await leedsWorks('2026-11-20T13:50:00Z');
  leeds.server.ledger.onCommit((org, head) => void (org === leeds.org && commits.push(head)));
  await liveThroughTheDay(leeds);
  await leeds.settled();
  const [org] = await listed<{ keys: { log: string } }>(aude(), '/v1/orgs');
  logKey = org!.keys.log;
  latest = openCheckpoint(await (await aude().ask('GET', '/v1/log/checkpoint')).text(), logKey);
});
afterAll(() => leeds.close());

test('[L10] is signed under its own name, and reaches to the last entry', async () => {
  expect(latest.origin).toBe(`test.operary.internal/${leeds.org}`);
  expect(latest.size).toBe(await leeds.server.ledger.head(leeds.org));
  expect(commits.at(-1)).toBe(latest.size);
});

test('[L8] has a signed checkpoint in every commit, each consistent with the one before and with the last', async () => {
  let before: Checkpoint | undefined;
  for (const size of commits) {
    const path = `/v1/log/proof/inclusion?seq=${size}&size=${size}`;
    const { checkpoint } = await aude().get<{ checkpoint: string | null }>(path);
    const here = openCheckpoint(checkpoint!, logKey);
    expect(here.size).toBe(size);
    if (before) expect(await consistent(before, here), `${before.size} → ${size}`).toBe(true);
    expect(await consistent(here, latest), `${size} → ${latest.size}`).toBe(true);
    before = here;
  }
  expect(commits.length).toBeGreaterThan(40);
});

test('[L8] proves every entry, and nothing beyond its end', async () => {
  for (let seq = 1; seq <= latest.size; seq++) {
    const path = `/v1/log/proof/inclusion?seq=${seq}&size=${latest.size}`;
    const { leafHash: leaf, hashes } = await aude().get<{ leafHash: string; hashes: string[] }>(path);
    expect(
      verifyInclusion(seq - 1, latest.size, fromBase64(leaf), hashes.map(fromBase64), latest.root),
      `#${seq}`,
    ).toBe(true);
  }
  const beyond = latest.size + 1;
  for (const path of [
    `inclusion?seq=${beyond}`,
    `inclusion?seq=1&size=${beyond}`,
    `consistency?from=1&to=${beyond}`,
    `consistency?from=${beyond}`,
  ])
    expect(await refusal(aude().ask('GET', `/v1/log/proof/${path}`))).toMatchObject({ status: 404 });
  for (const path of ['inclusion?seq=0', 'inclusion', 'consistency?from=0', 'consistency?from=x'])
    expect(await refusal(aude().ask('GET', `/v1/log/proof/${path}`))).toMatchObject({ status: 400 });
});

test('[L9] can be mirrored from its tiles alone', async () => {
  const hashes: Uint8Array[] = [];
  for (const tile of tilesOfLevel(0, latest.size)) {
    const response = await aude().ask('GET', `/v1/log/${tilePath(tile)}`);
    expect(response.headers.get('cache-control')).toContain('immutable');
    hashes.push(...tileHashes(new Uint8Array(await response.arrayBuffer()), tile.width));
  }
  expect(rootOfLeafHashes(hashes)).toEqual(latest.root);
  for (const path of [
    'tile/0/999',
    `tile/0/000.p/${(latest.size % 256) + 1}`,
    'tile/0/0',
    'tile/9/000',
    'tile/0/000.p/256',
    'tile/..%2fcheckpoint',
    'tile/',
  ])
    expect((await aude().ask('GET', `/v1/log/${path}`)).status, path).toBe(404);
});

test('[L14] shows entry bundles only to whoever may read each entry', async () => {
  const [whole] = tilesOfLevel(0, latest.size, true);
  expect(await refusal(leeds.plant.jo.ask('GET', `/v1/log/${tilePath(whole!)}`))).toMatchObject({
    status: 403,
    code: 'role-not-allowed',
  });
  // The first entry founds the organisation: everybody may read it.
  const first = await leeds.plant.jo.ask('GET', `/v1/log/${tilePath({ level: 0, n: 0, width: 1, entries: true })}`);
  const [entry] = parseEntryBundle(new Uint8Array(await first.arrayBuffer()));
  const { leafHash: hash } = await leeds.plant.jo.get<{ leafHash: string }>('/v1/log/proof/inclusion?seq=1');
  expect(base64(leafHash(entry!))).toBe(hash);
  expect(JSON.parse(new TextDecoder().decode(entry))).toMatchObject({
    v: 1,
    seq: 1,
    type: 'org.created',
    body: { name: { $commit: expect.any(String) } },
  });
});

test('[L8] goes on where it was after a restart', async () => {
  await leeds.server.close();
  const server = await leeds.again();
  const [auditor, dana] = ['aude', 'dana'].map((name) => apiOf(server.url, leeds.plant.tokens[name]!)) as [Api, Api];
  await dana.post('/v1/tasks/T-3/note', { text: 'Watched until noon.' });
  const note = await (await auditor.ask('GET', '/v1/log/checkpoint')).text();
  const next = openCheckpoint(note, logKey);
  expect(next.size).toBe(latest.size + 1);
  expect(await consistent(latest, next, auditor)).toBe(true);
});

async function consistent(from: Checkpoint, to: Checkpoint, api: Api = aude()): Promise<boolean> {
  const { hashes } = await api.get<{ hashes: string[] }>(`/v1/log/proof/consistency?from=${from.size}&to=${to.size}`);
  return verifyConsistency(from.size, to.size, from.root, to.root, hashes.map(fromBase64));
}
