/** A night that nobody accepts, on the real program: the clock seals it, a stranger verifies it, the next supervisor accepts it late. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyBundle } from '../../shared/proof/verify.ts';
import { leedsWorks, PACKAGING, type Leeds } from '../kit/leeds.ts';
import type { Shift } from '../kit/shapes.ts';
import { downloadBundle } from '../kit/stranger.ts';

let leeds: Leeds;
beforeAll(async () => {
  leeds = await leedsWorks();
});
afterAll(() => leeds.close());

test('the clock seals at the end of the grace; the bundle verifies, and holds still when somebody accepts it late', async () => {
  const { priya, tom, aude } = leeds.plant;
  const span = { from: '2026-11-20T22:00:00Z', to: '2026-11-21T06:00:00Z' };
  const night = await priya.post<Shift>('/v1/shifts', { area: PACKAGING, name: 'Night', ...span });
  leeds.at('22:00');
  await priya.post(`/v1/shifts/${night.id}/start`, {});
  await priya.post(`/v1/shifts/${night.id}/log`, { text: 'Nobody comes.' });
  leeds.at('06:59');
  await leeds.settled();
  expect(await priya.get(`/v1/shifts/${night.id}`)).toMatchObject({ status: 'active' });
  leeds.at('07:00');
  await leeds.settled();
  expect(await priya.get(`/v1/shifts/${night.id}`)).toMatchObject({
    status: 'sealed',
    seal: { kind: 'unaccepted', by: 'clock' },
  });
  const files = await downloadBundle(aude, night.id);
  expect(verifyBundle(files, { root: leeds.root })).toMatchObject({ verdict: 'valid' });

  const early = await tom.post<Shift>('/v1/shifts', { area: PACKAGING, from: span.to, to: '2026-11-21T14:00:00Z' });
  await tom.post(`/v1/shifts/${early.id}/start`, {});
  await tom.post(`/v1/shifts/${night.id}/accept-late`, { text: 'Read with Priya by phone.' });
  const after = await downloadBundle(aude, night.id);
  expect(verifyBundle(after, { root: leeds.root })).toMatchObject({ verdict: 'valid' });
  expect(after.get('data/report.md')).toEqual(files.get('data/report.md'));
});
