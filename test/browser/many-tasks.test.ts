/** An organisation with ten thousand open tasks: how long from connecting to all notes of the current shift. */
import { expect } from 'vitest';
import { fill } from './filled.ts';
import { releaseSuite } from './release-suite.ts';
import { openWorks, type Works } from './works.ts';

const TASKS = 10_000;
const AREAS = 50;
const LIMIT_MS = 2_000;

const { test, open } = releaseSuite();

/** Milliseconds from the press on Connect to the notes of the current shift, and to all notes. Timed inside the page. */
async function connectAndWait(works: Works, name: string): Promise<{ shift: number; all: number }> {
  const vault = await open({ ...works.device('ana', { name }), data: { url: works.server.url, secret: '', root: '' } });
  await vault.protocol('operary', { url: works.server.url, token: works.tokens.ana });
  const watch = vault.page.evaluate(
    ([most, ofShift]) =>
      new Promise<{ shift: number; all: number }>((resolve) => {
        const start = performance.now();
        let shift = 0;
        const names = new Set<string>();
        const timer = setInterval(() => {
          const paths = window.harness.vaultPaths();
          if (!shift) {
            const note = paths.find((path) => path.startsWith('Operary/Shifts/'));
            const text = note ? (window.harness.disk.read(note) ?? '') : '';
            for (const [, task] of text.matchAll(/^- \[ \] \[\[(.+?)\]\]/gm)) names.add(`${task}.md`);
            const there = new Set(paths.map((path) => path.slice(path.lastIndexOf('/') + 1)));
            if (names.size === ofShift && [...names].every((path) => there.has(path)))
              shift = performance.now() - start;
          }
          if (shift && paths.filter((path) => path.startsWith('Operary/Tasks/')).length === most) {
            clearInterval(timer);
            resolve({ shift, all: performance.now() - start });
          }
        }, 20);
      }),
    [TASKS, TASKS / AREAS] as const,
  );
  await vault.modal.press('Connect');
  const times = await watch;
  await vault.close();
  return times;
}

test(`with ${TASKS} open tasks, all notes of the current shift are there within ${LIMIT_MS} ms of connecting`, async () => {
  const works = await openWorks();
  await fill(works, TASKS, AREAS);
  // The machine may be shared: the best of three is what the plugin needs.
  let best = Infinity;
  for (let round = 1; round <= 3 && best >= LIMIT_MS; round++) {
    const { shift, all } = await connectAndWait(works, `Round ${round}`);
    best = Math.min(best, shift);
    console.log(
      `10,000 open tasks: notes of the current shift after ${Math.round(shift)} ms, all notes after ${Math.round(all)} ms`,
    );
  }
  await works.close();
  expect(best).toBeLessThan(LIMIT_MS);
}, 180_000);
