/** Grafana's unified alerting: Alertmanager's shape, and what it says beyond it (domain model 3.2 b). */
import { describe, expect, test } from 'vitest';
import { alertmanager } from '../../server/ingest/alertmanager.ts';
import { grafana } from '../../server/ingest/grafana.ts';
import { reader } from '../kit/read.ts';
import { alertmanagerSends, asRecorded, grafanaSends, json } from '../kit/sent.ts';

const read = reader(grafana);

describe('Grafana', () => {
  test('a firing alert, as constructed from its sources', () => {
    expect(read.only(asRecorded('constructed-grafana-firing'))).toMatchObject({
      conditionKey: 'c6eadffa33fcdf37',
      occurrenceKey: 'c6eadffa33fcdf37@2026-11-21T02:30:00.000Z',
      kind: 'active',
      priority: 'P3',
      area: 'utilities',
      equipment: 'utilities/compressor-1',
      title: 'Header pressure below 5.5 bar',
      text: 'A: 5.21\nC: 1',
      value: 5.21,
      names: ['compressor-1', 'fe1r2x'],
    });
  });
  test('each alert counts by its own status, whatever the group says', () => {
    const group = grafanaSends({}, { status: 'resolved', fingerprint: 'f2', endsAt: '2026-11-21T02:40:00Z' });
    expect(read.transitions(group).map(({ kind, at }) => [kind, at])).toEqual([
      ['active', '2026-11-21T02:30:00.000Z'],
      ['cleared', '2026-11-21T02:40:00.000Z'],
    ]);
  });
  test('what was measured while it fired is not shown as the value at clearing', () => {
    expect(read.only(grafanaSends({ status: 'resolved' }))).toMatchObject({ value: null, text: null });
  });
  test('its dashboards, panels and pictures are links', () => {
    const more = { dashboardURL: 'https://g/d/1', panelURL: 'https://g/d/1?panel=2', imageURL: 'https://g/i.png' };
    expect(read.only(grafanaSends(more)).links).toEqual(
      expect.arrayContaining(['https://runbooks.example.com/air', ...Object.values(more)]),
    );
  });
  test('without a summary and a name the title of the group stands', () => {
    const { title } = read.only(grafanaSends({ labels: { severity: 'low' }, annotations: {} }));
    expect(title).toBe('[FIRING:1] Compressed air pressure low Utilities');
  });
  test('what an Alertmanager sends through the same contact point reads as an Alertmanager', () => {
    const one = reader(alertmanager).only(alertmanagerSends());
    expect(one.names).toEqual(['filler-2', 'TT-3204']);
    expect(read.only(alertmanagerSends())).toEqual(one);
  });
  test('[L7] another body is refused in words', () => {
    expect(read.answer(json({ title: 'x' }))).toMatchObject({
      refused: 'not-a-delivery',
      detail: 'This is not a Grafana webhook: it has no list "alerts".',
    });
  });
});
