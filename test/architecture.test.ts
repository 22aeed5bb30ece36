/** The house keeps its own rules: each is a line of `architecture/rules.ts`, and each is seen to fail on a fixture. */
import { describe, expect, test } from 'vitest';
import { RULES } from './architecture/rules.ts';
import { readFixture, readSources, readText, titlesOf } from './architecture/sources.ts';

const house = readSources('shared', 'server', 'plugin');

describe('the rules of the house', () => {
  for (const [name, [law, says, rule]] of Object.entries(RULES)) {
    test(`[${law}] ${says}`, () => expect(rule(house)).toEqual([]));
    test(`[${law}] ${name} accuses whoever breaks it, and nobody else`, () => {
      const { sources, guilty } = readFixture(name);
      expect(guilty.length).toBeGreaterThan(0);
      expect([...new Set(rule(sources).map((accusation) => accusation.split(' ')[0]))].sort()).toEqual(guilty.sort());
    });
  }
});

test('files are small: half of them have at most 100 lines', () => {
  const lines = house.map((source) => source.lines).sort((a, b) => a - b);
  const median = lines[Math.floor(lines.length / 2)]!;
  console.info(`${house.length} files, median ${median} lines, longest ${lines.at(-1)}`);
  expect(median).toBeLessThanOrEqual(100);
});

describe('the laws', () => {
  const laws = [...readText('ARCHITECTURE.md').matchAll(/^- \*\*(L\d+) /gm)].map(([, law]) => law!);
  const tests = readSources('test').filter(({ path }) => path.endsWith('.test.ts'));
  const quoted = new Map<string, string>();
  for (const source of tests)
    for (const title of titlesOf(source))
      for (const [, law] of title.matchAll(/\[(L\d+)\]/g)) quoted.set(law!, source.path);
  // The tests of this file quote the law of each rule through its table.
  for (const [law] of Object.values(RULES)) quoted.set(law, 'test/architecture.test.ts');

  test('are fourteen, L1 to L14', () => expect(laws).toEqual(Array.from({ length: 14 }, (_, n) => `L${n + 1}`)));
  for (const law of laws)
    test(`${law} is guarded by a test that quotes it`, () => expect([...quoted.keys()]).toContain(law));
  test('no test quotes a law that there is not', () =>
    expect([...quoted].filter(([law]) => !laws.includes(law))).toEqual([]));
});
