/** The audit trail as a table: one row for every leaf under the seal and for the seal itself, in order, with what their disclosures show. */
import { hex, textOf, utf8 } from '../../kernel/bytes.ts';
import type { Json } from '../../kernel/canonical.ts';
import { inline } from '../../kernel/markdown.ts';
import type { Surroundings } from '../../kernel/note.ts';
import { FILE } from '../../proof/layout.ts';
import { discloseBody, parseLeaf, type Disclosure, type LeafV1 } from '../../proof/leaf.ts';
import { leafHash } from '../../proof/tree.ts';

type Files = ReadonlyMap<string, Uint8Array>;
type Body = Readonly<Record<string, Json>>;

const HEAD =
  '| Seq | Time (UTC) | Who | Device | Action | Subject | Reason and changes | Hash |\n| ---: | --- | --- | --- | --- | --- | --- | --- |';

export function auditTable(files: Files, around: Surroundings): string {
  const disclosures = JSON.parse(textOf(files.get(FILE.disclosures) ?? utf8('[]'))) as Disclosure[];
  const lines = [FILE.evidence, FILE.sealedLeaf].flatMap((path) =>
    files.has(path) ? textOf(files.get(path)!).split('\n').filter(Boolean) : [],
  );
  const rows = lines.map((line) => {
    const leaf = parseLeaf(utf8(line));
    const own = disclosures.filter(({ seq }) => seq === leaf.seq);
    return { leaf, hash: hex(leafHash(utf8(line))), body: discloseBody(leaf.body, own) as Body };
  });
  const numbers = new Map(
    rows.flatMap(({ leaf, body }) =>
      typeof body['number'] === 'number' ? [[leaf.subject.id, body['number']] as const] : [],
    ),
  );
  // A blank line after the table: the end marker would else become a row of it.
  return `${HEAD}\n${rows.map((row) => `| ${cells(row.leaf, row.body, row.hash).join(' | ')} |`).join('\n')}\n`;

  function cells(leaf: LeafV1, body: Body, hash: string): string[] {
    const { subject, actor, device } = leaf;
    const number = numbers.get(subject.id);
    return [
      String(leaf.seq),
      leaf.occurredAt.slice(0, 19).replace('T', ' '),
      actor.kind === 'user' ? inline(around.userName(actor.id)) : inline(`${actor.kind} ${tail(actor.id)}`),
      device === null ? '–' : tail(device),
      inline(leaf.type),
      `${inline(subject.kind)} ${number ?? tail(subject.id)}`,
      inline(detail(body)) || '–',
      `\`${hash.slice(0, 16)}\``,
    ];
  }
}

/** An id without its beginning, which for all of one day is the same; a name stays whole. */
const tail = (id: string): string => (/^[0-9a-f-]{36}$/.test(id) ? `…${id.slice(-8)}` : inline(id));

const LONG = ['text', 'note', 'title'];
const LONGEST = 400;

function detail(body: Body): string {
  const changes = Object.entries((body['changes'] ?? {}) as Record<string, { was: Json; now: Json }>).map(
    ([field, { was, now }]) => `${field}: ${shown(was)} → ${shown(now)}`,
  );
  const said = [...LONG, 'reason'].flatMap((key) =>
    body[key] === undefined || body[key] === null ? [] : [`${key}: ${shown(body[key])}`],
  );
  return [...said, ...changes].join('; ').slice(0, LONGEST);
}

function shown(value: Json): string {
  if (value === null) return '–';
  if (typeof value !== 'object') return String(value);
  return '$commit' in value
    ? '(erased)'
    : Object.values(value)
        .map((one) => shown(one as Json))
        .join(' ');
}
