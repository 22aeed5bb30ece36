/**
 * PagerDuty's credential stands in the body. It is taken out of the bytes before anything is kept, and the rest stays as it was sent, byte
 * for byte: what is stored still shows what came. Where nobody can be sure, more goes than the key.
 */
import { utf8 } from '../../shared/kernel/bytes.ts';
import { membersOf, replaced, tokensIn, type Span, type Token } from './json-tokens.ts';

export interface Redacted {
  readonly body: Uint8Array;
  /** The one that JSON means: the last of its name in the outermost object. */
  readonly routingKey: string | null;
}

const MASK = '[redacted]';
const QUOTED = JSON.stringify(MASK);
/** `routing_key`, and what the first version of the API called the same. */
const isCredential = (name: string): boolean => /^(?:routing|service)_?key$/i.test(name);
/** What is shorter is no key, and would tear holes into the text around it. */
const SHORTEST = 8;
/** A real event has one. This runs before anybody is known, so it does not look for thousands. */
const MOST = 16;

export function redactRoutingKey(body: Uint8Array): Redacted {
  const text = decoded(body);
  const tokens = text === null ? null : tokensIn(text);
  if (text === null || tokens === null) return { body: withoutLikely(body), routingKey: null };
  const members = membersOf(tokens, isCredential);
  const own = members.findLast(({ depth, name }) => depth === 1 && name === 'routing_key')?.value;
  const routingKey = (own?.length === 1 && own[0]!.text) || null;
  const values = new Set(members.flatMap(({ value }) => value));
  const secrets = [...new Set([...values].flatMap(secretIn))];
  const spans: Span[] = members.map(({ value }) => ({ from: value[0]!.from, to: value.at(-1)!.to, by: QUOTED }));
  if (secrets.length <= MOST) {
    for (const token of tokens) if (!values.has(token)) spans.push(...copyIn(token, secrets));
    const redacted = replaced(text, spans);
    if (!secrets.some((secret) => redacted.includes(secret))) return { body: utf8(redacted), routingKey };
  }
  return { body: utf8(`{"routing_key":${QUOTED}}`), routingKey };
}

/** With its byte order mark: the other bytes stay as they are. */
function decoded(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
}

const secretIn = ({ text, raw }: Token): string[] => ((text ?? raw).length >= SHORTEST ? [text ?? raw] : []);

/** The key may have been copied: into details, into the name of a member, into a text around it. */
function copyIn({ from, to, raw, text }: Token, secrets: readonly string[]): Span[] {
  if (!secrets.some((secret) => (text ?? raw).includes(secret))) return [];
  return [{ from, to, by: text === undefined ? QUOTED : JSON.stringify(masked(text, secrets)) }];
}

const masked = (text: string, secrets: readonly string[]): string =>
  [...secrets].sort((a, b) => b.length - a.length).reduce((rest, secret) => rest.replaceAll(secret, MASK), text);

/** No JSON: what follows the name of a key goes, wherever it stands, and so does every word that is as long as a key. */
function withoutLikely(body: Uint8Array): Uint8Array {
  const text = Buffer.from(body).toString('latin1');
  const named = [...text.matchAll(/(?:routing|service)_?key\W{0,8}([\w+/=-]{8,200})/gi)].map(([, value]) => value!);
  const rest = masked(text, [...new Set(named)].slice(0, MOST)).replace(/(?<!\w)[A-Za-z0-9]{32}(?!\w)/g, MASK);
  return Uint8Array.from(Buffer.from(rest, 'latin1'));
}
