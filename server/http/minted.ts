/** What the host makes for a command that asks for a secret: kept as a hash or beside the keys, shown once. */
import { randomBytes } from 'node:crypto';
import type { CommandWord, Proof } from '../../shared/kernel/feature.ts';
import { pairingLink, spelledCode } from '../../shared/sync/pairing.ts';
import { mintSecret } from '../outbound/signature.ts';
import { mintCode } from '../pairing-codes.ts';
import { mintRoutingKey, mintToken } from '../tokens.ts';

type Kind = NonNullable<CommandWord['mints']>;

export interface Minted {
  /** What the door is told. */
  readonly told: Readonly<Record<string, string>>;
  readonly shown: Readonly<Record<string, string>>;
  /** The secret alone, where a feature writes it into a text. */
  readonly secret?: string;
  /** What must be known again, by the name that the door is told. */
  readonly keep?: { readonly name: string; readonly secret: string };
}

interface Place {
  readonly org: string;
  /** Where devices reach this server. */
  readonly url: string;
  readonly proof?: Proof | undefined;
  /** The secret that somebody brought. */
  readonly given?: string | undefined;
}

const PROOFS: Readonly<Record<Proof, (at: Place) => Minted>> = {
  token({ org }) {
    const { token, tokenHash } = mintToken(org);
    return { told: { tokenHash }, shown: { token }, secret: token };
  },
  'routing-key'() {
    const { key, routingHash } = mintRoutingKey();
    return { told: { routingHash }, shown: { routingKey: key }, secret: key };
  },
  signature({ given }) {
    const secret = given ?? `whsec_${randomBytes(32).toString('base64')}`;
    const name = randomBytes(16).toString('hex');
    // Whoever brought it knows it.
    return { told: { keyId: name }, shown: given === undefined ? { secret } : {}, secret, keep: { name, secret } };
  },
};

const MINTS: Readonly<Record<Kind, (at: Place) => Minted>> = {
  tokenHash: PROOFS.token,
  codeHash({ url }) {
    const minted = mintCode();
    const code = spelledCode(minted.code);
    return { told: { codeHash: minted.codeHash }, shown: { code, link: pairingLink(url, code) } };
  },
  secretHash() {
    const { secret, hash } = mintSecret();
    return { told: { secretHash: hash }, shown: { secret }, keep: { name: hash, secret } };
  },
  proof: (at) => PROOFS[at.proof ?? 'token'](at),
};

const TOKEN_NOTE = { tokenNote: 'The token was shown in the first answer only. If that is lost, make another.' };

/** What a repeated request is told instead. */
export const NOT_AGAIN: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  tokenHash: TOKEN_NOTE,
  proof: TOKEN_NOTE,
  codeHash: { codeNote: 'The code was shown in the first answer only. If that is lost, make another.' },
  secretHash: { secretNote: 'The secret was shown in the first answer only. If that is lost, rotate it.' },
};

export const mint = (kind: Kind, at: Place): Minted => MINTS[kind](at);
