import * as fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { fullText } from '../../plugin/notes/notebook.ts';
import { auditTable } from '../../shared/features/shifts/audit-table.ts';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import { note as shiftNote } from '../../shared/features/shifts/note.ts';
import { sealedNotes } from '../../shared/features/shifts/sealed-notes.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { note as taskNote } from '../../shared/features/tasks/note.ts';
import type { NoteText } from '../../shared/kernel/note.ts';
import { verifySealedNote } from '../../shared/proof/verify.ts';
import { task } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, LINE_3, night, PACKAGING, pump } from '../kit/given.ts';
import { sealedNight } from '../kit/handover.ts';
import { ana, marek } from '../kit/people.ts';
import { createPlant } from '../kit/plant.ts';
import { ROOT, sampleBundle } from '../kit/sample-bundle.ts';
import { around, replicaOf, vaultOf } from '../kit/vault-of.ts';

const golden = (name: string): string => `../golden/notes/${name}.md`;
const aNight = () =>
  createPlant().run(
    anOrganisation(),
    aNightShift(),
    aTask('on_hold', { priority: 'P2', equipment: `${LINE_3}/pump-3`, description: 'Seal weeps at 6 bar.' }),
    task('sweep').create({ title: 'Sweep aisle 3', area: PACKAGING, priority: 'P4' }).by(ana),
    task('grease')
      .create({ title: 'Grease conveyor 4', area: PACKAGING, assignee: { user: marek.id } })
      .by(ana),
    task('grease').acknowledge().by(marek),
    task('grease').start().by(marek),
    task('grease').complete({ note: 'Greased, no noise left' }).by(marek),
    night.log({ text: 'Restarted at 80 % by agreement with production.', kind: 'production' }).by(ana),
  );

test('[L6] the notes of a night are these bytes', async () => {
  const vault = await vaultOf(await aNight());
  expect([...vault.keys()].sort()).toEqual([
    'Operary/Shifts/2026/11/2026-11-20 leeds-packaging Night.md',
    'Operary/Tasks/2026/11/T-1 Pump 3 leaks.md',
    'Operary/Tasks/2026/11/T-2 Sweep aisle 3.md',
    'Operary/Tasks/2026/11/T-3 Grease conveyor 4.md',
  ]);
  await expect(vault.get('Operary/Shifts/2026/11/2026-11-20 leeds-packaging Night.md')).toMatchFileSnapshot(
    golden('shift-active'),
  );
  await expect(vault.get('Operary/Tasks/2026/11/T-1 Pump 3 leaks.md')).toMatchFileSnapshot(golden('task-on-hold'));
  await expect(vault.get('Operary/Tasks/2026/11/T-3 Grease conveyor 4.md')).toMatchFileSnapshot(golden('task-closed'));
});

const sealedTexts = async (): Promise<readonly NoteText[]> => {
  const replica = await replicaOf(await sealedNight(aTask('in_progress')));
  const held = replica.all('shift')[0]!;
  return sealedNotes(held.state as ShiftState, '2026-11-20 leeds-packaging Night', sampleBundle(), around(replica));
};

test('[L9] the sealed note and the audit trail are these bytes, and the former proves itself', async () => {
  const [sealed, audit] = (await sealedTexts()).map((text) => fullText({ id: 'x', seq: 9, head: 9, text }));
  expect(verifySealedNote(sealed!, { root: ROOT }).verdict).toBe('valid');
  // What the seal's own digests are is another test's business.
  await expect(sealed!.replace(/(_sha256|Root of the shift): .*/g, '$1: …')).toMatchFileSnapshot(
    golden('sealed-shift'),
  );
  await expect(audit!.replace(/(Root of the shift): .*/g, '$1: …')).toMatchFileSnapshot(golden('audit-trail'));
});

const PIECES = [
  '%% /operary:header %%',
  '\n%% /operary:actions %%\n',
  '[[Evil]]',
  '![[x]]',
  '[a](http://x)',
  '|',
  '`',
  '```\n',
  '\n---\n',
  '\n- [x] t',
  '\n# H',
  '> [!danger]',
  '<b>',
  '^id',
  '#tag',
  '==',
  '$',
  '\r\n',
  '🆔 t9',
  'x:: y',
  '\u2028',
  '\u202e',
  '"',
  "'",
  ': ',
  '\\',
  'ü',
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''));
const markdown = new MarkdownIt({ html: true });
const shape = (text: string): string[] =>
  markdown
    .parse(text, {})
    .flatMap(({ type, children }) => [type, ...(children ?? []).map((child) => child.type)])
    .filter((type) => !type.startsWith('text') && type !== 'softbreak');

/** Read back by others' parsers: properties, marker lines, headings and boxes, links. */
function readBack(text: string, place: string) {
  const [, front = '', body = ''] = /^---\n([^]*?)\n---\n([^]*)$/.exec(text) ?? [];
  return {
    properties: Object.keys(parse(front) as object),
    markers: body.split('\n').filter((line) => line.startsWith('%%')),
    shape: shape(body),
    links: [...text.matchAll(/\[\[(.*?)\]\]/g)].map(([, name]) => (name === place ? 'the place' : name)),
  };
}

test('[L12] a link to a place or a person holds no sign that could end it or lead elsewhere', async () => {
  const { linkToPlace } = around(await replicaOf(await aNight()));
  fc.assert(
    fc.property(hostile, (said) => {
      expect(linkToPlace(`x${said}`)).toMatch(/^\[\[[^[\]|#^%`<>\n/]+(?:\|[^[\]|#^%`<>\n]+)?\]\]$/);
    }),
    { numRuns: 500, seed: 4711 },
  );
});

test('[L12] hostile text in every field of a task forges nothing in its note', async () => {
  const replica = await replicaOf(await aNight());
  const held = replica.all('task').find(({ id }) => id === pump.id)!;
  const state = held.state as TaskState;
  const noteWith = (said: string): string => {
    const forged: TaskState = {
      ...state,
      title: said,
      description: said,
      equipment: said,
      unassignedBecause: said,
      hold: { ...state.hold!, note: said },
      completion: {
        by: ana.id,
        at: state.createdAt,
        note: said,
        resolutionCode: 'fixed',
        evidence: [],
        overrideReason: said,
      },
      escalations: [{ level: 1, target: null, reason: said, by: ana.id, at: state.createdAt }],
      actions: state.actions.map((action) => ({ ...action, text: said })),
    };
    return fullText({ id: held.id, seq: 1, head: 1, text: taskNote.write(forged, held, around(replica))[0]! });
  };
  const linkTo = (place: string): string => around(replica).linkToPlace(place).slice(2, -2);
  const plain = readBack(noteWith('plain'), 'plain');
  fc.assert(
    fc.property(hostile, (said) => {
      expect(readBack(noteWith(`x${said}`), linkTo(`x${said}`))).toEqual(plain);
    }),
    { numRuns: 500, seed: 4711 },
  );
});

test('[L12] hostile text in the log and the handover of a shift forges nothing in its note', async () => {
  const replica = await replicaOf(await aNight());
  const held = replica.all('shift')[0]!;
  const state = held.state as ShiftState;
  const signed = { by: ana.id, at: state.from };
  const noteWith = (said: string): string => {
    const forged: ShiftState = {
      ...state,
      entries: state.entries.map((entry) => ({ ...entry, text: said, equipment: said })),
      acceptance: { ...signed, criticalItems: [], reservations: said },
      refusals: [{ ...signed, reason: said }],
      amendments: [{ ...signed, seq: 1, text: said, reason: said }],
    };
    return fullText({ id: held.id, seq: 1, head: 1, text: shiftNote.write(forged, held, around(replica))[0]! });
  };
  const linkTo = (place: string): string => around(replica).linkToPlace(place).slice(2, -2);
  const plain = readBack(noteWith('plain'), 'plain');
  fc.assert(
    fc.property(hostile, (said) => {
      expect(readBack(noteWith(`x${said}`), linkTo(`x${said}`))).toEqual(plain);
    }),
    { numRuns: 500, seed: 4711 },
  );
});

test('[L12] hostile text in an entry forges no cell and no row of the audit trail', async () => {
  const replica = await replicaOf(await aNight());
  const bundleWith = (said: string) => {
    const files = new Map(sampleBundle());
    const leaf = JSON.parse(new TextDecoder().decode(files.get('proofs/sealed-leaf.json'))) as { body: object };
    const forged = { ...leaf, body: { changes: { status: { now: said, was: said } }, reason: said, text: said } };
    const sorted = JSON.stringify(forged, (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
    return files.set('proofs/sealed-leaf.json', new TextEncoder().encode(sorted));
  };
  const plain = shape(auditTable(bundleWith('plain'), around(replica)));
  fc.assert(
    fc.property(hostile, (said) => {
      expect(shape(auditTable(bundleWith(`x${said.toWellFormed()}`), around(replica)))).toEqual(plain);
    }),
    { numRuns: 300, seed: 4711 },
  );
});
