import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, hex, sha256, textOf, utf8 } from '../../shared/kernel/bytes.ts';
import { canonical } from '../../shared/kernel/canonical.ts';
import type { Json } from '../../shared/kernel/canonical.ts';
import type { LeafV1 } from '../../shared/proof/leaf.ts';
import { commitment, commitmentsIn, discloseBody, leafBytes, parseLeaf } from '../../shared/proof/leaf.ts';
import { sampleLeaf } from '../kit/sample-bundle.ts';

const leaf = sampleLeaf(7, 'shift.logged', { note: 'Filler 3', n: 1, nested: { list: [true, null] } });
const salt = (n: number): string => hex(sha256(Uint8Array.of(n)));
const committed = (n: number, value: Json): Json => ({ $commit: commitment(fromHex(salt(n)), value) });

describe('leaf v1', () => {
  test('[L2] its bytes are fixed for ever', () => {
    expect(textOf(leafBytes(leaf))).toBe(
      '{"actor":{"id":"u-1","kind":"user","role":"supervisor"},"body":{"n":1,"nested":{"list":[true,null]},"note":"Filler 3"},"command":{"id":"c-7","sha256":"3c474299b4743d9730804b7c0d32c0cd0ea21a169d4ffb016bb1a0ca486d1d42"},"device":null,"id":"019aa000-0000-7000-8000-000000000107","occurredAt":"2026-11-20T23:07:00.000Z","org":"019aa000-0000-7000-8000-000000000001","receivedAt":"2026-11-20T23:07:00.000Z","recordedAt":"2026-11-20T23:07:00.000Z","seq":7,"shift":"019aa000-0000-7000-8000-00000000000c","subject":{"id":"019aa000-0000-7000-8000-00000000000c","kind":"shift"},"type":"shift.logged","upstream":[],"v":1}',
    );
  });

  test('[L2] it comes back from its bytes as it was', () => {
    const linked = { ...leaf, upstream: [{ kind: 'alarm', id: 'a-1', rel: 'caused-by' }], device: 'd-1' };
    expect(parseLeaf(leafBytes(linked))).toEqual(linked);
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ noUnicodeString: false })), (body) => {
        const odd = { ...leaf, body: JSON.parse(JSON.stringify(body)) as LeafV1['body'] };
        if (!JSON.stringify(odd).isWellFormed() || /\\ud[89a-f]/i.test(JSON.stringify(odd))) return;
        expect(parseLeaf(leafBytes(odd))).toEqual(odd);
      }),
      { numRuns: 60 },
    );
  });

  const wrong: [string, unknown][] = [
    ['a missing field', { ...leaf, device: undefined }],
    ['an unknown field', { ...leaf, extra: 1 }],
    ['a proto field', JSON.parse(`{"__proto__":1,${JSON.stringify(leaf).slice(1)}`)],
    ['seq 0', { ...leaf, seq: 0 }],
    ['a broken seq', { ...leaf, seq: 1.5 }],
    ['a seq beyond 2^53', { ...leaf, seq: 2 ** 53 }],
    ['an empty organisation', { ...leaf, org: '' }],
    ['a local time', { ...leaf, occurredAt: '2026-11-20T23:07:00.000+01:00' }],
    ['a time without milliseconds', { ...leaf, receivedAt: '2026-11-20T23:07:00Z' }],
    ['a subject with more in it', { ...leaf, subject: { ...leaf.subject, name: 'x' } }],
    ['an actor without an id', { ...leaf, actor: { kind: 'user' } }],
    ['an upstream without a relation', { ...leaf, upstream: [{ kind: 'a', id: 'b' }] }],
    ['a command without its digest', { ...leaf, command: { id: 'c', sha256: 'ABC' } }],
    ['a command digest in capitals', { ...leaf, command: { id: 'c', sha256: 'A'.repeat(64) } }],
    ['a list for a body', { ...leaf, body: [] }],
    ['no object', [leaf]],
    ['version 0', { ...leaf, v: 0 }],
  ];
  test.each(wrong)('[L10] %s is refused', (_, value) => {
    expect(() => parseLeaf(utf8(canonical(value as Json)))).toThrow();
  });

  test('[L9] only the canonical bytes are a leaf', () => {
    const text = textOf(leafBytes(leaf));
    for (const other of [
      `${text}\n`,
      ` ${text}`,
      JSON.stringify(leaf),
      `\ufeff${text}`,
      text.replace('"Filler', '"\\u0046iller'),
    ])
      expect(() => parseLeaf(utf8(other))).toThrow();
    expect(() => parseLeaf(utf8(text.replace('"n":1', '"n":1,"n":1')))).toThrow('canonical');
    expect(() => parseLeaf(utf8(text.replace('"n":1', '"n":1.0')))).toThrow('canonical');
    expect(() => parseLeaf(Uint8Array.of(0xff))).toThrow();
    expect(() => parseLeaf(utf8(`${'['.repeat(50_000)}${']'.repeat(50_000)}`))).toThrow();
  });

  test('[L9] a leaf of a later version is neither right nor wrong', () => {
    expect(() => parseLeaf(utf8(canonical({ ...leaf, v: 2 })))).toThrow('newer');
  });

  test('[L2] an entry too large for a tile is not written', () => {
    expect(() => leafBytes({ ...leaf, body: { text: 'x'.repeat(60_000) } })).toThrow('60000 bytes');
  });
});

describe('commitments and disclosures', () => {
  const body = { text: committed(1, 'Ana said so'), 'a/b~c': [committed(2, { deep: ['x'] })], open: 'seen' };
  const all = [
    { path: '/text', salt: salt(1), value: 'Ana said so' },
    { path: '/a~1b~0c/0', salt: salt(2), value: { deep: ['x'] } },
  ];

  test('[L9] a commitment is SHA-256 over the domain tag, a zero byte, the salt and the canonical value', () => {
    const bytes = [...utf8('operary/commit/v1'), 0, ...fromHex(salt(1)), ...utf8('{"a":1,"b":"x"}')];
    expect(commitment(fromHex(salt(1)), { b: 'x', a: 1 })).toBe(hex(sha256(Uint8Array.from(bytes))));
    expect(() => commitment(new Uint8Array(31), 'x')).toThrow('32 bytes');
  });

  test('disclosed values go back to their places', () => {
    expect(discloseBody(body, all)).toEqual({ text: 'Ana said so', 'a/b~c': [{ deep: ['x'] }], open: 'seen' });
    expect(commitmentsIn(body).map(({ path }) => path)).toEqual(['/text', '/a~1b~0c/0']);
  });

  test('an erased value stays redacted and breaks nothing', () => {
    expect(discloseBody(body, all.slice(1))).toEqual({ text: body.text, 'a/b~c': [{ deep: ['x'] }], open: 'seen' });
    expect(discloseBody(body, [])).toEqual(body);
  });

  test.each([
    ['another value', { ...all[0]!, value: 'Ana said no' }],
    ['another salt', { ...all[0]!, salt: salt(3) }],
    ['no salt', { ...all[0]!, salt: '' }],
    ['another place', { ...all[0]!, path: '/open' }],
    ['no place', { ...all[0]!, path: '/nowhere' }],
    ['the root', { ...all[0]!, path: '' }],
  ])('[L9] a disclosure with %s is refused', (_, disclosure) => {
    expect(() => discloseBody(body, [disclosure])).toThrow();
  });

  test('[L9] a field is disclosed once, and a disclosed value is not searched for more', () => {
    expect(() => discloseBody(body, [all[0]!, all[0]!])).toThrow('twice');
    const inner = committed(5, 'inner');
    const outer = { x: committed(4, { y: inner }) };
    const once = { path: '/x', salt: salt(4), value: { y: inner } };
    expect(() => discloseBody(outer, [once, { path: '/x/y', salt: salt(5), value: 'inner' }])).toThrow('no commitment');
  });
});
