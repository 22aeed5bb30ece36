import { describe, expect, test } from 'vitest';
import { base64, concat, fromHex, utf8 } from '../../shared/kernel/bytes.ts';
import { useNativeEd25519, verifyEd25519 } from '../../shared/proof/ed25519.ts';
import {
  allowedSigner,
  armorSshsig,
  fingerprint,
  parseSshPublicKey,
  parseSshsig,
  signerFromSeed,
  signSshsig,
  sshPublicKey,
  sshsigPayload,
  verifySshsig,
} from '../../shared/proof/sshsig.ts';
import vectors from '../vectors/tlog.json' with { type: 'json' };

const { sshsig, keys } = vectors;
const person = signerFromSeed(fromHex(keys.person.seedHex));
const stranger = signerFromSeed(fromHex(keys.org.seedHex));
const message = utf8(sshsig.messageUtf8);
const { namespace } = sshsig;
const claim = { armor: sshsig.sha512, namespace, message, publicKey: person.publicKey };

describe('SSH signatures', () => {
  test('[L9] the signature of the vectors is made byte for byte', () => {
    expect(signSshsig(person, namespace, message)).toBe(sshsig.sha512);
    const signature = person.sign(sshsigPayload(namespace, message, 'sha256'));
    expect(armorSshsig(person.publicKey, namespace, signature, 'sha256')).toBe(sshsig.sha256);
  });

  test('[L9] signatures over SHA-512 and SHA-256 verify', () => {
    expect(verifySshsig(claim)).toBe(true);
    expect(verifySshsig({ ...claim, armor: sshsig.sha256 })).toBe(true);
    expect(parseSshsig(sshsig.sha256)).toMatchObject({
      namespace,
      hashAlgorithm: 'sha256',
      publicKey: person.publicKey,
    });
  });

  test('[L10] another text, namespace or key is refused', () => {
    expect(verifySshsig({ ...claim, message: utf8('hello sealed note') })).toBe(false);
    expect(verifySshsig({ ...claim, namespace: 'file' })).toBe(false);
    expect(verifySshsig({ ...claim, namespace: '' })).toBe(false);
    expect(verifySshsig({ ...claim, publicKey: stranger.publicKey })).toBe(false);
    expect(verifySshsig({ ...claim, publicKey: new Uint8Array(0) })).toBe(false);
    const lent = armorSshsig(stranger.publicKey, namespace, parseSshsig(sshsig.sha512).signature);
    expect(verifySshsig({ ...claim, armor: lent, publicKey: stranger.publicKey })).toBe(false);
  });

  test('[L10] no flipped, missing or added byte of the armor goes unnoticed', () => {
    const armor = sshsig.sha512;
    for (let i = 0; i < armor.length; i++) {
      const other = String.fromCharCode(armor.charCodeAt(i) ^ 1);
      expect(verifySshsig({ ...claim, armor: armor.slice(0, i) + other + armor.slice(i + 1) })).toBe(false);
      expect(verifySshsig({ ...claim, armor: armor.slice(0, i) + armor.slice(i + 1) })).toBe(false);
    }
    for (const spoiled of [
      '',
      `${armor}\n`,
      ` ${armor}`,
      armor.replaceAll('\n', '\r\n'),
      armor.trimEnd(),
      armor + armor,
    ])
      expect(verifySshsig({ ...claim, armor: spoiled })).toBe(false);
  });

  test('a signature always has a namespace', () => {
    expect(() => signSshsig(person, '', message)).toThrow('namespace');
  });
});

describe('SSH keys', () => {
  test('[L9] a key has the line of the vectors, and the line gives it back', () => {
    expect(sshPublicKey(person.publicKey)).toBe(keys.person.sshPublicKey);
    expect(parseSshPublicKey(sshPublicKey(person.publicKey, 'ana@tablet 3'))).toEqual(person.publicKey);
    expect(fingerprint(person.publicKey)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });

  test.each([
    keys.person.sshPublicKey.replace('ssh-ed25519', 'ssh-rsa'),
    keys.person.sshPublicKey.slice(0, -4),
    `${keys.person.sshPublicKey}\nssh-ed25519 AAAA`,
    `restrict ${keys.person.sshPublicKey}`,
    'ssh-ed25519',
    '',
  ])('[L10] %j is not a key line', (line) => expect(() => parseSshPublicKey(line)).toThrow());

  test('allowed_signers names principal, namespaces, and from when', () => {
    expect(allowedSigner('seal@operary.internal/x', ['shift-seal@operary'], person.publicKey)).toBe(
      `seal@operary.internal/x namespaces="shift-seal@operary" ${keys.person.sshPublicKey}`,
    );
    const validAfter = '2026-11-21T06:00:00.999Z';
    expect(allowedSigner('ana', ['a', 'b'], person.publicKey, { validAfter })).toBe(
      `ana namespaces="a,b",valid-after="20261121060000Z" ${keys.person.sshPublicKey}`,
    );
    for (const principal of ['', 'a b', 'a,b', '*', 'a"b', 'a\nb', '#a', '!a'])
      expect(() => allowedSigner(principal, ['a'], person.publicKey)).toThrow('principal');
    expect(() => allowedSigner('ana', [], person.publicKey)).toThrow('namespace');
    expect(() => allowedSigner('ana', ['a'], person.publicKey, { validAfter: 'now' })).toThrow('RFC 3339');
  });
});

describe('Ed25519', () => {
  // RFC 8032 §7.1, test 2.
  const seed = fromHex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
  const rfc = signerFromSeed(seed);
  const signature = fromHex(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );

  test('[L9] it signs as RFC 8032 does', () => {
    expect(rfc.publicKey).toEqual(fromHex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'));
    expect(rfc.sign(Uint8Array.of(0x72))).toEqual(signature);
    expect(verifyEd25519(signature, Uint8Array.of(0x72), rfc.publicKey)).toBe(true);
  });

  test('[L10] what is malformed is false, never an error', () => {
    const order = fromHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');
    const halves = [signature.slice(0, 32), signature.slice(32)] as const;
    const shifted = halves[1].map((byte) => byte);
    for (let i = 0, carry = 0; i < 32; i++) {
      const sum = shifted[i]! + order[i]! + carry;
      shifted[i] = sum & 255;
      carry = sum >> 8;
    }
    for (const bad of [new Uint8Array(0), new Uint8Array(64), concat(halves[0], shifted), concat(signature, signature)])
      expect(verifyEd25519(bad, Uint8Array.of(0x72), rfc.publicKey)).toBe(false);
    for (const key of [new Uint8Array(0), new Uint8Array(33), new Uint8Array(32).fill(255)])
      expect(verifyEd25519(signature, Uint8Array.of(0x72), key)).toBe(false);
    expect(() => signerFromSeed(new Uint8Array(31))).toThrow('32 bytes');
  });

  test('[L10] a key of small order signs nothing, in the pure check and in a native one', () => {
    const identity = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0));
    const universal = concat(identity, new Uint8Array(32));
    expect(verifyEd25519(universal, message, identity)).toBe(false);
  });

  test('a native check that judges otherwise is not taken', () => {
    expect(() => useNativeEd25519(() => true)).toThrow('RFC 8032');
    expect(() => useNativeEd25519(() => false)).toThrow('RFC 8032');
  });

  test('the seed may be wiped after the signer is made', () => {
    const copy = seed.slice();
    const kept = signerFromSeed(copy);
    copy.fill(0);
    expect(base64(kept.sign(Uint8Array.of(0x72)))).toBe(base64(signature));
  });
});
