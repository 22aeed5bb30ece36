import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { vkey } from '../../shared/proof/note.ts';
import type { Seal } from '../../shared/proof/seal.ts';
import { parseSealText, sealText } from '../../shared/proof/seal.ts';
import { fingerprint, sshPublicKey } from '../../shared/proof/sshsig.ts';
import { escapeLine, unescapeLine } from '../../shared/proof/statement.ts';
import { allowedSigners, parseTrustText, trustText } from '../../shared/proof/trust.ts';
import { KEYS, ORIGIN, sampleInput, sampleTrust } from '../kit/sample-bundle.ts';

const text = sampleInput().sealText;
const seal = parseSealText(text);

describe('seal.txt', () => {
  test('[L9] a person can read it', () => {
    expect(text.split('\n').slice(0, 12)).toEqual([
      'OPERARY SEAL v1',
      'Record: Shift report, leeds/packaging, Night 20/21 Nov 2026, S-12',
      'Organisation: Leeds Works',
      'Log: operary.internal/019aa000-0000-7000-8000-000000000001',
      'Shift: 019aa000-0000-7000-8000-00000000000c',
      'From: 2026-11-20T22:00:00.000Z',
      'To: 2026-11-21T06:00:00.000Z',
      'Handed over by: Ana Lead, supervisor, 2026-11-21T05:58:00.000Z',
      'Accepted by: Ben Ode, supervisor, 2026-11-21T06:04:00.000Z',
      'Kind: accepted',
      'Sealed at: 2026-11-21T06:30:00.000Z',
      "Personal signatures: none in this version; the organisation's seal key signs this text",
    ]);
    expect(text.endsWith('Previous seal: none\nException: Tablet 3 was not heard of since 02:14\n')).toBe(true);
  });

  test('[L9] nobody, none and an empty shift have their words', () => {
    const bare: Seal = {
      ...seal,
      ...{ handedOverBy: null, acceptedBy: null, kind: 'unaccepted', exceptions: [], previousSeal: 'ab'.repeat(32) },
      ...{ entries: 0, firstSeq: 0, lastSeq: 0 },
    };
    expect(sealText(bare)).toContain('Handed over by: nobody\nAccepted by: nobody\nKind: unaccepted\n');
    expect(sealText(bare)).toContain(`Previous seal: ${'ab'.repeat(32)}\nException: none\n`);
    expect(parseSealText(sealText(bare))).toEqual(bare);
  });

  test('[L12] whatever people write comes back as they wrote it', () => {
    const words = fc.string({ unit: 'binary', minLength: 1 }).filter((word) => word.isWellFormed());
    fc.assert(
      fc.property(words, fc.option(words), fc.array(words, { maxLength: 3 }), (record, handedOverBy, exceptions) => {
        const own = { ...seal, record, handedOverBy, exceptions };
        expect(parseSealText(sealText(own))).toEqual(own);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    'nobody',
    'none',
    ' nobody',
    '\\u006eobody',
    '\\',
    'a\\nb',
    '\u2028',
    '\u202eeman',
    '\ufeff',
    ' ',
    '```',
    '%%',
  ])('[L10] the words %j are people’s, never ours', (words) => {
    const own = { ...seal, acceptedBy: words, exceptions: [words], organisationName: words };
    expect(parseSealText(sealText(own))).toEqual(own);
    expect(sealText(own).split('\n')).toHaveLength(text.split('\n').length);
  });

  test('[L10] nobody forges a line with a line break', () => {
    const forged = 'Eve\nAccepted by: Ben Ode, supervisor\r\nKind: accepted\u2028Entries: 9\u0085x';
    const written = sealText({ ...seal, handedOverBy: forged, acceptedBy: null });
    expect(written).toContain(
      'Handed over by: Eve\\u000aAccepted by: Ben Ode, supervisor\\u000d\\u000aKind: accepted\\u2028Entries: 9\\u0085x\nAccepted by: nobody\n',
    );
    expect(parseSealText(written).handedOverBy).toBe(forged);
  });

  const refusedValues: [string, Partial<Record<keyof Seal, unknown>>][] = [
    ['an empty record', { record: '' }],
    ['another kind', { kind: 'maybe' }],
    ['a local time', { from: '2026-11-20T22:00:00+01:00' }],
    ['a line break in an instant', { sealedAt: '2026-11-20T22:00:00.000Z\nKind: accepted' }],
    ['a short digest', { reportSha256: 'ab' }],
    ['a digest in capitals', { manifestSha256: 'A'.repeat(64) }],
    ['a root that is no root', { shiftRoot: 'AAAA' }],
    ['a previous seal that is no digest', { previousSeal: 'first' }],
    ['a shift that is no UUID', { shift: 'S-12' }],
    ['an origin with a space', { organisation: 'operary internal' }],
    ['a broken count', { entries: 1.5 }],
    ['a negative first entry', { firstSeq: -1 }],
    ['more entries than places', { entries: 5 }],
    ['entries without places', { firstSeq: 0 }],
    ['an empty exception', { exceptions: ['a', ''] }],
  ];
  test.each(refusedValues)('[L10] %s is not written', (_, value) => {
    expect(() => sealText({ ...seal, ...value } as Seal)).toThrow();
  });

  const lines = text.trimEnd().split('\n');
  const joined = (changed: readonly string[]): string => `${changed.join('\n')}\n`;
  test('[L9] a missing, doubled, moved or added line is refused', () => {
    for (let i = 0; i < lines.length; i++) {
      expect(() => parseSealText(joined(lines.toSpliced(i, 1)))).toThrow();
      // The last line may stand twice: two exceptions are two exceptions.
      if (i < lines.length - 1) expect(() => parseSealText(joined(lines.toSpliced(i, 0, lines[i]!)))).toThrow();
      expect(() => parseSealText(joined(lines.toSpliced(i, 0, 'Note: hello')))).toThrow();
      if (i > 0) expect(() => parseSealText(joined(lines.with(i, lines[i - 1]!).with(i - 1, lines[i]!)))).toThrow();
    }
  });

  test.each([
    ['CRLF', text.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${text}`],
    ['no final LF', text.slice(0, -1)],
    ['two final LF', `${text}\n`],
    ['a space before the line end', text.replace('accepted\n', 'accepted \n')],
    ['a leading zero', text.replace('Entries: 3', 'Entries: 03')],
    ['an escape that was not needed', text.replace('Leeds Works', 'Leeds \\u0057orks')],
    ['an unescaped mark', text.replace('Leeds Works', 'Leeds\u202eWorks')],
    ['a lone backslash', text.replace('Leeds Works', 'Leeds \\Works')],
    ['a title in lower case', text.replace('SEAL', 'seal')],
    ['version 0', text.replace('v1', 'v0')],
    ['version 01', text.replace('v1', 'v01')],
    ['nothing', ''],
  ])('[L9] a seal with %s is refused', (_, changed) => expect(() => parseSealText(changed)).toThrow());

  test('[L9] a seal of a later version is neither right nor wrong', () => {
    expect(() => parseSealText(text.replace('v1', 'v2'))).toThrow('newer');
  });

  test('two hundred thousand lines are refused in time', () => {
    expect(() => parseSealText(`${text}${'Exception: x\n'.repeat(200_000)}Note: x\n`)).toThrow();
  });
});

describe('trust.txt', () => {
  const trust = parseTrustText(sampleTrust(KEYS));

  test('[L9] it says which key speaks for what', () => {
    expect(trustText(trust)).toBe(sampleTrust(KEYS));
    expect(trust).toMatchObject({ origin: ORIGIN, rootFingerprint: fingerprint(KEYS.root.publicKey) });
    expect(trustText(trust)).toContain(
      `Seal key: ${sshPublicKey(KEYS.seal.publicKey)}\nThe seal key signs: seals of shifts`,
    );
  });

  test.each([
    ['a log key of another name', { logKey: vkey('other', KEYS.log.publicKey) }],
    ['a witness key for the log', { logKey: vkey(ORIGIN, KEYS.log.publicKey, 4) }],
    ['a log key that seals', { sealKey: sshPublicKey(KEYS.log.publicKey) }],
    ['a root key that seals', { sealKey: sshPublicKey(KEYS.root.publicKey) }],
    ['a root key that logs', { logKey: vkey(ORIGIN, KEYS.root.publicKey) }],
    ['a comment at the seal key', { sealKey: sshPublicKey(KEYS.seal.publicKey, 'hello') }],
    ['no fingerprint', { rootFingerprint: 'SHA256:' }],
    ['an origin with a comma', { origin: 'a,b' }],
    ['no time', { createdAt: '' }],
  ])('[L10] %s is refused', (_, value) => expect(() => trustText({ ...trust, ...value })).toThrow());

  test('[L9] every line counts', () => {
    const lines = trustText(trust).split('\n');
    for (let i = 0; i < lines.length; i++) expect(() => parseTrustText(lines.toSpliced(i, 1).join('\n'))).toThrow();
    expect(() => parseTrustText(trustText(trust).replace('v1', 'v3'))).toThrow('newer');
  });

  test('[L9] allowed_signers holds each key for its namespace only', () => {
    const [seal, root] = allowedSigners(trust, KEYS.root.publicKey).split('\n');
    expect(seal).toBe(`seal@${ORIGIN} namespaces="shift-seal@operary" ${sshPublicKey(KEYS.seal.publicKey)}`);
    expect(root).toBe(`root@${ORIGIN} namespaces="trust@operary" ${sshPublicKey(KEYS.root.publicKey)}`);
  });
});

test('[L12] escaping loses nothing', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (words) => unescapeLine(escapeLine(words)) === words));
});
