/**
 * Keys of an organisation: `keys/<org>/` with a root, a log and a seal key, each for one role (PKCS #8 PEM, 0600), and the statement
 * that the root signed about the other two. Made once, all or nothing.
 */
import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { utf8 } from '../shared/kernel/bytes.ts';
import type { PublicKeys } from '../shared/kernel/bootstrap.ts';
import { isUuid } from '../shared/kernel/ids.ts';
import { Fault } from '../shared/kernel/refusal.ts';
import type { Signer } from '../shared/proof/ed25519.ts';
import type { NoteSigner } from '../shared/proof/note.ts';
import { fingerprint, parseSshPublicKey, sshPublicKey } from '../shared/proof/ssh-key.ts';
import { signSshsig } from '../shared/proof/sshsig.ts';
import { TRUST_NAMESPACE, trustText } from '../shared/proof/trust.ts';
import { vkey } from '../shared/proof/vkey.ts';
import type { OrganisationTrust } from './host/keyring.ts';
import { syncFolder } from './sync-folder.ts';

const ROLES = ['root', 'log', 'seal'] as const;

export interface Founding {
  /** First part of every log's name (OPERARY_ORIGIN). */
  readonly origin: string;
  /** The organisation's name for people. */
  readonly name: string;
  /** RFC 3339 in UTC with milliseconds. */
  readonly createdAt: string;
}

/** What the running server signs with; the root key stays in its file. */
export interface OrganisationKeys {
  readonly log: NoteSigner;
  readonly seal: Signer;
}

export const originOf = (origin: string, org: string): string => `${origin}/${org}`;

export function keysFolder(dataDir: string, org: string): string {
  if (!isUuid(org)) throw new Fault('An organisation is named by its UUID.');
  return join(dataDir, 'keys', org);
}

export const hasOrganisationKeys = (dataDir: string, org: string): boolean => existsSync(keysFolder(dataDir, org));

/** Throws when the organisation has keys: they are never replaced. */
export function createOrganisationKeys(dataDir: string, org: string, founding: Founding): PublicKeys {
  const folder = keysFolder(dataDir, org);
  if (existsSync(folder)) throw new Fault(`Organisation ${org} has its keys already, in ${folder}.`);
  const parent = join(dataDir, 'keys');
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const made = mkdtempSync(join(parent, '.new-'));
  const secrets = ROLES.map(() => generateKeyPairSync('ed25519').privateKey);
  ROLES.forEach((role, i) =>
    writeDurably(join(made, `${role}.key`), secrets[i]!.export({ type: 'pkcs8', format: 'pem' })),
  );
  const [root, log, seal] = secrets.map(signerOf) as [Signer, Signer, Signer];
  const origin = originOf(founding.origin, org);
  const keys: PublicKeys = {
    root: fingerprint(root.publicKey),
    log: vkey(origin, log.publicKey),
    seal: sshPublicKey(seal.publicKey),
  };
  const text = trustText({
    organisationName: founding.name,
    origin,
    rootFingerprint: keys.root,
    logKey: keys.log,
    sealKey: keys.seal,
    createdAt: founding.createdAt,
  });
  writeDurably(join(made, 'root.pub'), `${sshPublicKey(root.publicKey)}\n`);
  writeDurably(join(made, 'trust.txt'), text);
  writeDurably(join(made, 'trust.txt.sig'), signSshsig(root, TRUST_NAMESPACE, utf8(text)));
  syncFolder(made);
  // The commit point: a folder of this name is whole.
  renameSync(made, folder);
  syncFolder(parent);
  syncFolder(dataDir);
  return keys;
}

export function organisationTrust(dataDir: string, org: string): OrganisationTrust {
  const folder = keysFolder(dataDir, org);
  return {
    trustText: readText(folder, 'trust.txt'),
    trustSignature: readText(folder, 'trust.txt.sig'),
    rootKey: parseSshPublicKey(readText(folder, 'root.pub').trimEnd()),
  };
}

export function organisationKeys(dataDir: string, org: string, origin: string): OrganisationKeys {
  const folder = keysFolder(dataDir, org);
  const name = originOf(origin, org);
  const log = readKey(folder, 'log');
  // The origin stands in every proof that was ever made.
  if (!readText(folder, 'trust.txt').includes(`${vkey(name, log.publicKey)}\n`))
    throw new Fault(
      `The keys of ${org} were made for another origin than ${name}. Set OPERARY_ORIGIN to the one they were made for.`,
    );
  return { log: { ...log, name }, seal: readKey(folder, 'seal') };
}

function readKey(folder: string, role: (typeof ROLES)[number]): Signer {
  return signerOf(createPrivateKey(readText(folder, `${role}.key`)));
}

function readText(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch (cause) {
    throw new Fault(`${join(folder, name)} cannot be read. Put the organisation's keys back from a backup.`, { cause });
  }
}

function signerOf(key: KeyObject): Signer {
  const { x } = key.export({ format: 'jwk' });
  return { publicKey: new Uint8Array(Buffer.from(x!, 'base64url')), sign: (bytes) => sign(null, bytes, key) };
}

function writeDurably(file: string, text: string | Buffer): void {
  writeFileSync(file, text, { mode: 0o600, flag: 'wx', flush: true });
}
