/** What a notice says: the organisation's own words for the channel where there are some, else these. */
import { filled, type Place } from '../../shared/features/wordings/fill.ts';
import type { WordingState } from '../../shared/features/wordings/contract.ts';
import type { Priority } from '../../shared/kernel/work.ts';

/** One thing that a message tells of. */
export interface Told {
  readonly title: string;
  readonly priority: Priority | null;
  readonly ref: string;
  readonly link: string;
  readonly level: number | null;
  readonly why: 'assigned' | 'escalated' | 'test' | 'webhook';
}

export interface Words {
  readonly title: string;
  readonly text: string;
}

const ONE: Words = { title: '{{priority}} {{title}}', text: '{{ref}}, {{area}}: {{why}}\n{{link}}' };
const MANY: Words = { title: '{{count}} tasks, {{area}}: {{title}}', text: '{{list}}\n{{link}}' };

const WHY: Readonly<Record<Told['why'], (level: number | null) => string>> = {
  assigned: () => 'given to you',
  escalated: (level) => (level === null ? 'escalated to you' : `escalated to you, level ${level}`),
  test: () => 'this is only a test',
  webhook: () => 'nothing is sent there at the moment',
};

/** In the person's language, else for everybody. */
export function templateFor(templates: readonly WordingState[], language: string | null): WordingState | undefined {
  const of = (wanted: string | null) => templates.find((one) => one.language === wanted);
  return (language === null ? undefined : (of(language) ?? of(language.slice(0, 2)))) ?? of(null);
}

/** Most urgent first; `place` is how people call the area. */
export function wordsOf(told: readonly Told[], place: string, template: WordingState | undefined): Words {
  const first = told[0]!;
  const isMany = told.length > 1;
  const words = isMany ? (template?.many ?? MANY) : (template ?? ONE);
  const values: Readonly<Record<Place, string>> = {
    title: first.title,
    priority: first.priority ?? '',
    ref: first.ref,
    area: place,
    link: first.link,
    level: first.level === null ? '' : String(first.level),
    why: WHY[first.why](first.level),
    count: String(told.length),
    list: told.map(({ priority, ref, title }) => [priority, ref, title].filter(Boolean).join(' ')).join('\n'),
  };
  return { title: oneLine(filled(words.title, values)), text: filled(words.text, values).trim() };
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 250);

/** `leeds/packaging/line-3` → `line 3`, where nobody has given it a name. */
export const placeOf = (area: string | null, name: string | undefined, isMany: boolean): string =>
  name ??
  (area === null
    ? isMany
      ? 'several places'
      : 'the plant'
    : area.slice(area.lastIndexOf('/') + 1).replaceAll('-', ' '));
