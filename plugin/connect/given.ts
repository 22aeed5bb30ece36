/** What somebody typed or pasted to connect: an address and a code, or the whole link in either place. */
import { codeIn, spelledCode } from '../../shared/sync/pairing.ts';

export interface Given {
  /** Without a slash at the end. */
  readonly url: string;
  /** As it is spelled; empty when there is a token. */
  readonly code: string;
  readonly token: string;
}

/** What stands in the fields. */
export interface Typed {
  readonly address: string;
  readonly code: string;
}

export type Lack = 'no-address' | 'not-an-address' | 'no-code' | 'not-a-code';

const TOKEN = /\bopy_[a-z]+_[0-9A-Za-z]{20,}\b/;

/** A link anywhere in what was pasted is taken apart. */
export function unfolded({ address, code }: Typed): Typed {
  for (const text of [address, code]) {
    const [, query] = /obsidian:\/\/operary\/?\?(\S+)/i.exec(text) ?? [];
    if (query === undefined) continue;
    const said = new URLSearchParams(query);
    return { address: said.get('url') ?? '', code: said.get('code') ?? said.get('token') ?? '' };
  }
  return { address, code };
}

export function givenIn(typed: Typed): Given | Lack {
  const { address, code } = unfolded(typed);
  if (!address.trim()) return 'no-address';
  const url = addressIn(address);
  if (url === undefined) return 'not-an-address';
  const [token] = TOKEN.exec(code) ?? [];
  if (token) return { url, code: '', token };
  if (!code.trim()) return 'no-code';
  const plain = codeIn(code);
  return plain === undefined ? 'not-a-code' : { url, code: spelledCode(plain), token: '' };
}

/** With a scheme, and without what a browser shows behind it. */
export function addressIn(text: string): string | undefined {
  const bare = text.trim().replace(/^[<"'(]+|[>"'),;]+$/g, '');
  const [, scheme = '', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/i.exec(bare) ?? [];
  if (/\s/.test(rest) || !/^(?:https?)?$/i.test(scheme)) return undefined;
  try {
    const guess = new URL(`http://${rest}`);
    const url = new URL(`${scheme || (isLocal(guess.hostname) ? 'http' : 'https')}://${rest}`);
    if (url.username || url.password) return undefined;
    return `${url.origin}${url.pathname.replace(/\/(?:docs|v1|openapi\.json|healthz)(?:\/.*)?$/, '').replace(/\/+$/, '')}`;
  } catch {
    return undefined;
  }
}

const LOCAL =
  /^(?:localhost|(?:127|10)(?:\.\d+){3}|(?:192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d+){2}|\[(?:::1\]|f[cd]|fe80:).*|[^.:[]+|.*\.(?:local|lan|internal|home\.arpa))$/;

/** This machine, or one of the same network. */
export const isLocal = (host: string): boolean => LOCAL.test(host.toLowerCase());

/** Whoever is on the way can read it. */
export const isOpen = (url: string): boolean => url.startsWith('http://') && !isLocal(new URL(url).hostname);
