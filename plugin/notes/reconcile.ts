/**
 * One look at a note: what it holds against what we last saw in it (base) and what it should hold (wanted). A value that differs from the
 * base is people's: it stays and is answered as an edit. Everything else of ours is brought up to date; nothing else is touched (L12).
 */
import type { Edit, NoteText, Property } from '../../shared/kernel/note.ts';
import { changesOf } from './boxes.ts';
import { propertyOf, propertySplices, rawOf, readFrontmatter } from './frontmatter.ts';
import { findRegions, innerOf, missingRegions, regionSplice } from './regions.ts';
import { inOrder, type Splice } from './splice.ts';
import { sameProperty } from './yaml-value.ts';

export interface Seen {
  readonly properties: Readonly<Record<string, Property>>;
  readonly regions: Readonly<Record<string, string>>;
}

export interface Wanted {
  readonly id: string;
  /** Newest position of all that the note tells. Who reads the same position has seen the same. */
  readonly seq: number;
  /** How far this device has seen. */
  readonly head: number;
  readonly text: NoteText;
}

export interface Look {
  readonly splices: readonly Splice[];
  readonly edits: readonly Edit[];
  /** What people typed inside our regions and what was put back. */
  readonly typed: readonly string[];
  readonly seen: Seen;
  /** Written by a plugin that has seen more than this one: to be left alone until we have caught up. */
  readonly isAhead: boolean;
  readonly isReadable: boolean;
}

export const SEQ = 'operary_seq';

export const propertiesOf = ({ id, seq, text }: Wanted): Readonly<Record<string, Property>> => ({
  operary_id: id,
  operary_type: text.type,
  [SEQ]: seq,
  ...text.properties,
});

export function reconcile(text: string, base: Seen | undefined, wanted: Wanted): Look {
  const properties = propertiesOf(wanted);
  const front = readFrontmatter(text);
  const seq = propertyOf(front, SEQ);
  const isAhead = typeof seq === 'number' && seq > wanted.head;
  const seen = { properties: { ...properties }, regions: {} as Record<string, string> };
  if (isAhead) return { splices: [], edits: [], typed: [], seen: base ?? seen, isAhead, isReadable: front.isReadable };

  // Another plugin on the same files has written this: what differs is news, and nobody's edit.
  const isOurs = seq === (base ? base.properties[SEQ] : wanted.seq);
  const known = base?.properties ?? properties;
  const edits: Edit[] = [];
  const typed: string[] = [];
  const put: Record<string, Property> = {};
  for (const [key, value] of Object.entries(front.isReadable ? properties : {})) {
    const now = propertyOf(front, key);
    if (sameProperty(now, value)) continue;
    const was = known[key] ?? null;
    const isEdit = front.isPresent && isOurs && !key.startsWith('operary_') && !sameProperty(now, was);
    if (isEdit && now !== undefined) {
      edits.push({ kind: 'property', key, was, now });
      seen.properties[key] = now;
      continue;
    }
    if (isEdit) typed.push(rawOf(text, front, key));
    put[key] = value;
  }

  const splices = propertySplices(text, front, front.isPresent ? put : properties);
  const found = findRegions(text, front.bodyFrom);
  for (const { name, markdown } of wanted.text.regions) {
    const region = found.get(name);
    seen.regions[name] = markdown;
    if (!region) continue;
    const now = innerOf(text, region);
    if (now === markdown) continue;
    const was = base?.regions[name];
    const changes = was === undefined || !isOurs || now === was ? undefined : changesOf(was, now);
    if (changes) typed.push(...changes.typed);
    if (changes?.ticks.length) {
      edits.push(...changes.ticks.map((tick): Edit => ({ kind: 'box', ...tick })));
      seen.regions[name] = now;
    } else splices.push(...regionSplice(text, region, markdown));
  }
  splices.push(
    ...missingRegions(
      text,
      wanted.text.regions.filter(({ name }) => !found.has(name)),
    ),
  );
  return { splices: inOrder(splices), edits, typed, seen, isAhead, isReadable: front.isReadable };
}
