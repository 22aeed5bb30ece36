/** What the host makes for a command that asks for a secret: kept as a hash, shown once. */
import type { CommandWord } from '../../shared/kernel/feature.ts';
import { pairingLink, spelledCode } from '../../shared/sync/pairing.ts';
import { mintSecret } from '../outbound/signature.ts';
import { mintCode } from '../pairing-codes.ts';
import { mintToken } from '../tokens.ts';

type Kind = NonNullable<CommandWord['mints']>;

interface Minted {
  readonly hash: string;
  readonly shown: Readonly<Record<string, string>>;
  /** What the server needs again to sign with: kept beside the record, never in it. */
  readonly kept?: string;
}

/** `url`: where devices reach this server. */
const MINTS: Readonly<Record<Kind, (at: { readonly org: string; readonly url: string }) => Minted>> = {
  tokenHash({ org }) {
    const { token, tokenHash } = mintToken(org);
    return { hash: tokenHash, shown: { token } };
  },
  codeHash({ url }) {
    const minted = mintCode();
    const code = spelledCode(minted.code);
    return { hash: minted.codeHash, shown: { code, link: pairingLink(url, code) } };
  },
  secretHash() {
    const { secret, hash } = mintSecret();
    return { hash, shown: { secret }, kept: secret };
  },
};

/** What a repeated request is told instead. */
export const NOT_AGAIN: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  tokenHash: { tokenNote: 'The token was shown in the first answer only. If that is lost, make another.' },
  codeHash: { codeNote: 'The code was shown in the first answer only. If that is lost, make another.' },
  secretHash: { secretNote: 'The secret was shown in the first answer only. If that is lost, rotate it.' },
};

export const mint = (kind: Kind, at: { readonly org: string; readonly url: string }): Minted => MINTS[kind](at);
