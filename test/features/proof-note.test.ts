import { describe, expect, test } from 'vitest';
import { base64, concat, fromHex, hex, utf8 } from '../../shared/kernel/bytes.ts';
import { checkpointText, openCheckpoint, parseCheckpoint, signCheckpoint } from '../../shared/proof/checkpoint.ts';
import { signerFromSeed } from '../../shared/proof/ed25519.ts';
import { cosignedBytes, keyId, openNote, parseVkey, signatureLine, signNote, vkey } from '../../shared/proof/note.ts';
import { formatTlogProof, parseTlogProof } from '../../shared/proof/tlog-proof.ts';
import { leafHash, verifyInclusion } from '../../shared/proof/tree.ts';
import { COSIGNATURE } from '../../shared/proof/vkey.ts';
import vectors from '../vectors/tlog.json' with { type: 'json' };

const { keys, checkpoint, tlogProof, rfc6962 } = vectors;
const ORIGIN = 'plant7.example/org/acme';
const WITNESS = 'plant7.example/witness/vault-a';
const org = signerFromSeed(fromHex(keys.org.seedHex));
const witness = signerFromSeed(fromHex(keys.witness.seedHex));
const note = `${checkpoint.text}\n${checkpoint.logLine}`;
const cosigned = `${note}${checkpoint.cosignLine}`;

describe('verifier keys', () => {
  test('[L9] keys and key ids are those of the vectors', () => {
    expect(hex(org.publicKey)).toBe(keys.org.publicHex);
    expect(vkey(ORIGIN, org.publicKey)).toBe(keys.org.vkey);
    expect(vkey(WITNESS, witness.publicKey, COSIGNATURE)).toBe(keys.witness.vkey);
    expect(hex(keyId(ORIGIN, 1, org.publicKey))).toBe('e03f5021');
    expect(parseVkey(keys.org.vkey)).toEqual({
      name: ORIGIN,
      id: fromHex('e03f5021'),
      type: 1,
      publicKey: org.publicKey,
    });
  });

  test.each([
    keys.org.vkey.replace('e03f5021', 'e03f5022'),
    keys.org.vkey.replace('acme', 'acmf'),
    keys.org.vkey.replace('+AY', '+Ao'),
    keys.org.vkey.slice(0, -4),
    ` ${keys.org.vkey}`,
    `${keys.org.vkey}\n`,
    'a+b',
    '',
  ])('[L10] %j is not a verifier key', (text) => expect(() => parseVkey(text)).toThrow());

  test('a key name has no space and no plus', () => {
    for (const name of ['', 'a b', 'a+b', 'a\nb', 'a\u00a0b', 'a\ud800']) {
      expect(() => vkey(name, org.publicKey)).toThrow('name');
      expect(() => signatureLine(name, org.publicKey, new Uint8Array(64))).toThrow('name');
    }
  });
});

describe('signed notes', () => {
  test('[L9] the published note of the Go checksum database opens', () => {
    const example =
      'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
    const key = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
    expect(openNote(example, [key])).toEqual({ text: 'This is an example message.\n', verified: ['example.com/foo'] });
  });

  test('[L9] a checkpoint is written and signed as in the vectors', () => {
    expect(signNote(checkpoint.text, [{ name: ORIGIN, ...org }])).toBe(note);
    const head = { origin: ORIGIN, size: 8, root: fromHex(rfc6962.roots[8]!) };
    expect(checkpointText(head)).toBe(checkpoint.text);
    expect(signCheckpoint(head, { name: ORIGIN, ...org })).toBe(note);
    expect(openCheckpoint(note, keys.org.vkey)).toEqual(head);
  });

  test('[L9] a witness cosigns the whole checkpoint with its time', () => {
    expect(new TextDecoder().decode(cosignedBytes(checkpoint.cosignTime, checkpoint.text))).toBe(
      checkpoint.cosignMessage,
    );
    expect(openNote(cosigned, [keys.org.vkey, keys.witness.vkey]).verified).toEqual([ORIGIN, WITNESS]);
    const time = checkpoint.cosignLine.replace('AAAABp', 'AAAABq');
    expect(() => openNote(`${note}${time}`, [keys.witness.vkey])).toThrow();
  });

  test('a signer may be an object that knows itself', () => {
    class Keyed {
      readonly name = ORIGIN;
      readonly publicKey = org.publicKey;
      sign(bytes: Uint8Array): Uint8Array {
        return this.name === ORIGIN ? org.sign(bytes) : new Uint8Array(64);
      }
    }
    expect(signNote(checkpoint.text, [new Keyed()])).toBe(note);
  });

  test('[L10] lines of unknown keys are passed over, but one known key must have signed', () => {
    expect(openNote(cosigned, [keys.org.vkey]).verified).toEqual([ORIGIN]);
    expect(() => openNote(note, [keys.witness.vkey])).toThrow('None of the known keys');
    expect(() => openNote(note, [])).toThrow('None of the known keys');
  });

  test('[L10] a known key with a bad signature spoils the note, whoever else signed', () => {
    const other = signatureLine(ORIGIN, org.publicKey, witness.sign(utf8(checkpoint.text)));
    expect(() =>
      openNote(`${checkpoint.text}\n${other}${checkpoint.cosignLine}`, [keys.org.vkey, keys.witness.vkey]),
    ).toThrow('does not fit');
    expect(() => openNote(`${note}${other}`, [keys.org.vkey])).toThrow('does not fit');
  });

  test('the text is split off at the last empty line', () => {
    const text = 'one\n\ntwo\n';
    expect(openNote(signNote(text, [{ name: ORIGIN, ...org }]), [keys.org.vkey]).text).toBe(text);
  });

  test.each([
    ['CRLF', note.replaceAll('\n', '\r\n')],
    ['a tab', note.replace('acme\n8', 'acme\t8')],
    ['no signature', `${checkpoint.text}\n`],
    ['no empty line', note.replace('\n\n', '\n')],
    ['no final LF', note.slice(0, -1)],
    ['an empty line after', `${note}\n`],
    ['another dash', note.replace('—', '-')],
    ['two spaces', note.replace('— ', '—  ')],
    ['unpadded base64', note.replace('w8=', 'w8')],
    ['loose base64', note.replace('w8=', 'w9=')],
    ['a short signature', `${checkpoint.text}\n— ${ORIGIN} 4D9QIQ==\n`],
    ['a byte order mark', `\ufeff${note}`],
    ['a lone surrogate', note.replace('acme', 'ac\ud800me')],
    ['a changed size', note.replace('\n8\n', '\n9\n')],
    ['a changed name', note.replaceAll('acme', 'acmf')],
    ['too many lines', note + checkpoint.cosignLine.repeat(100)],
    ['nothing', ''],
  ])('[L10] a note with %s does not open', (_, text) => expect(() => openNote(text, [keys.org.vkey])).toThrow());

  test('[L10] no flipped byte of a note goes unnoticed', () => {
    const bytes = utf8(note);
    for (let i = 0; i < bytes.length; i++)
      expect(() =>
        openNote(
          bytes.map((byte, j) => (i === j ? byte ^ 1 : byte)),
          [keys.org.vkey],
        ),
      ).toThrow();
  });

  test('a text that is no note is not signed', () => {
    for (const text of ['', 'a', 'a\tb\n', 'a\r\n', '\ud800\n'])
      expect(() => signNote(text, [{ name: ORIGIN, ...org }])).toThrow('LF');
  });
});

describe('checkpoints', () => {
  test.each([
    ['an extension line', `${checkpoint.text}extension\n`],
    ['a leading zero', checkpoint.text.replace('\n8\n', '\n08\n')],
    ['a sign', checkpoint.text.replace('\n8\n', '\n+8\n')],
    ['a size beyond 2^53', checkpoint.text.replace('\n8\n', '\n9007199254740993\n')],
    ['a short root', `${ORIGIN}\n8\n${base64(new Uint8Array(31))}\n`],
    ['loose base64', checkpoint.text.replace('yg=', 'yh=')],
    ['no origin', checkpoint.text.replace(ORIGIN, '')],
    ['no final LF', checkpoint.text.slice(0, -1)],
    ['CRLF', checkpoint.text.replaceAll('\n', '\r\n')],
  ])('[L8] a checkpoint with %s is refused', (_, text) => expect(() => parseCheckpoint(text)).toThrow());

  test('[L8] a key that speaks for another origin is refused', () => {
    const text = checkpointText({ origin: 'plant7.example/org/other', size: 8, root: fromHex(rfc6962.roots[8]!) });
    expect(() => openCheckpoint(signNote(text, [{ name: ORIGIN, ...org }]), keys.org.vkey)).toThrow('origin');
  });
});

describe('tlog-proof', () => {
  test('[L9] the proof of the vectors is read, written alike, and leads to the signed head', () => {
    const proof = parseTlogProof(tlogProof);
    expect(formatTlogProof(proof)).toBe(tlogProof);
    const { size, root } = openCheckpoint(proof.checkpoint, keys.org.vkey);
    const leaf = leafHash(fromHex(rfc6962.leavesHex[5]!));
    expect(verifyInclusion(proof.index, size, leaf, proof.hashes, root)).toBe(true);
  });

  test('a proof without hashes, and one with extra data, come back as they were', () => {
    for (const proof of [
      { index: 0, hashes: [], checkpoint: note },
      { index: 3, hashes: [fromHex(rfc6962.roots[1]!)], checkpoint: note, extra: utf8('more') },
    ])
      expect(parseTlogProof(formatTlogProof(proof))).toEqual(proof);
  });

  test.each([
    ['another title', tlogProof.replace('tlog-proof@v1', 'tlog-prooF@v1')],
    ['no index', tlogProof.replace('index 5\n', '')],
    ['a leading zero', tlogProof.replace('index 5', 'index 05')],
    ['a negative index', tlogProof.replace('index 5', 'index -5')],
    ['a short hash', tlogProof.replace('vBoG', '')],
    ['loose base64', tlogProof.replace('Znms=', 'Znmt=')],
    ['no checkpoint', tlogProof.split('\n\n')[0]!],
    ['too many hashes', tlogProof.replace('\n\n', `\n${`${base64(new Uint8Array(32))}\n`.repeat(64)}\n`)],
    ['CRLF', tlogProof.replaceAll('\n', '\r\n')],
    ['nothing', ''],
  ])('[L9] a proof with %s is refused', (_, text) => expect(() => parseTlogProof(text)).toThrow());

  test('a proof of a later version is neither right nor wrong', () => {
    expect(() => parseTlogProof(tlogProof.replace('@v1', '@v2'))).toThrow('newer');
  });
});

test('the signature line is name, key id and signature', () => {
  const signature = org.sign(utf8(checkpoint.text));
  expect(signatureLine(ORIGIN, org.publicKey, signature)).toBe(checkpoint.logLine);
  expect(checkpoint.logLine).toContain(base64(concat(fromHex('e03f5021'), signature)));
});
