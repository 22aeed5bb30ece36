/**
 * Where in a JSON text its words stand, so that one of them can be changed and the rest stays as it was written. Never recursive: a body may
 * be as deep as it is long.
 */

/** A string with what it says, or any other word, bracket, comma or colon as it stands. */
export interface Token {
  readonly from: number;
  readonly to: number;
  readonly raw: string;
  readonly text?: string;
}

export interface Span {
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

/** A member of an object: the words of its value, from the first to the last. */
export interface Member {
  readonly name: string;
  /** 1 in the outermost object or list. */
  readonly depth: number;
  readonly value: readonly Token[];
}

/** All words of the text; null when it is not JSON. */
export function tokensIn(text: string): readonly Token[] | null {
  const bare = text.replace(/^\ufeff/, ' ');
  try {
    JSON.parse(bare);
  } catch {
    return null;
  }
  const tokens: Token[] = [];
  for (let from = 0; from < bare.length;) {
    const to = endOf(bare, from);
    const raw = bare.slice(from, to);
    if (raw.startsWith('"')) tokens.push({ from, to, raw, text: JSON.parse(raw) as string });
    else if (raw.trim()) tokens.push({ from, to, raw });
    from = to;
  }
  return tokens;
}

function endOf(text: string, from: number): number {
  let at = from + 1;
  if (text[from] === '"') {
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    return at + 1;
  }
  const isWord = (letter: string | undefined): boolean => letter !== undefined && !/[\s{}[\],:"]/.test(letter);
  if (isWord(text[from])) while (isWord(text[at])) at++;
  return at;
}

/** The members with such a name, wherever they stand; those inside of one go with it. */
export function membersOf(tokens: readonly Token[], isMeant: (name: string) => boolean): Member[] {
  const found: Member[] = [];
  let depth = 0;
  for (let i = 0; i < tokens.length; i++) {
    const { text, raw } = tokens[i]!;
    depth += change(raw);
    // In JSON only the name of a member comes before a colon.
    if (text === undefined || tokens[i + 1]?.raw !== ':' || !isMeant(text)) continue;
    const end = endOfValue(tokens, i + 2);
    found.push({ name: text, depth, value: tokens.slice(i + 2, end) });
    i = end - 1;
  }
  return found;
}

const change = (raw: string): number => (raw === '{' || raw === '[' ? 1 : raw === '}' || raw === ']' ? -1 : 0);

function endOfValue(tokens: readonly Token[], from: number): number {
  let open = 0;
  for (let i = from; i < tokens.length; i++) {
    open += change(tokens[i]!.raw);
    if (open === 0) return i + 1;
  }
  return tokens.length;
}

/** The text with these spans replaced; one inside another goes with it. */
export function replaced(text: string, spans: readonly Span[]): string {
  let out = '';
  let at = 0;
  for (const { from, to, by } of [...spans].sort((a, b) => a.from - b.from || b.to - a.to)) {
    if (from < at) continue;
    out += text.slice(at, from) + by;
    at = to;
  }
  return out + text.slice(at);
}
