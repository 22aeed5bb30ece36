/** What of all work a person wants to see on the board, and in which order and groups it stands there. */
import type { Card, Work } from '../../shared/kernel/note.ts';
import { isWithin } from '../../shared/kernel/roles.ts';
import { wordsOf } from '../fields.ts';
import type { Held } from '../replica.ts';
import { boardWords } from '../words/index.ts';

export const SHOWS = ['all', 'mine', 'overdue'] as const;
export const ORDERS = ['status', 'area'] as const;

export interface Choice {
  readonly show: (typeof SHOWS)[number];
  /** Empty: any. */
  readonly area: string;
  readonly status: string;
  readonly text: string;
  readonly by: (typeof ORDERS)[number];
}

export const EVERYTHING: Choice = { show: 'all', area: '', status: '', text: '', by: 'status' };

export interface Item {
  readonly key: string;
  readonly held: Held;
  readonly card: Card;
}

export interface Group {
  readonly name: string;
  readonly items: readonly Item[];
}

export interface Viewer {
  readonly me: { readonly id: string; readonly role: string | null; readonly areas: readonly string[] } | undefined;
  /** UTC. */
  readonly now: string;
}

/** As it was kept on this device, by whichever version of the plugin. */
export function choiceFrom(kept: string | undefined): Choice {
  try {
    const { show, by, ...words } = JSON.parse(kept ?? '') as Record<string, unknown>;
    const word = (key: string): string => (typeof words[key] === 'string' ? words[key] : '');
    return {
      show: SHOWS.find((one) => one === show) ?? 'all',
      by: ORDERS.find((one) => one === by) ?? 'status',
      area: word('area'),
      status: word('status'),
      text: word('text'),
    };
  } catch {
    return EVERYTHING;
  }
}

export const isNarrow = ({ show, area, status, text }: Choice): boolean =>
  show !== 'all' || area !== '' || status !== '' || text.trim() !== '';

export function sift(items: readonly Item[], choice: Choice, viewer: Viewer): readonly Item[] {
  const words = choice.text.toLowerCase().split(/\s+/u).filter(Boolean);
  return items.filter(({ card }) => {
    const { work } = card;
    if (!work) return false;
    if (choice.show === 'mine' && !isMine(work, viewer)) return false;
    if (choice.show === 'overdue' && !isOverdue(work, viewer)) return false;
    if (choice.status && work.status !== choice.status) return false;
    if (choice.area && (work.area === null || !isWithin(work.area, choice.area))) return false;
    const told = `${card.title} ${card.details.join(' ')} ${work.area ?? ''}`.toLowerCase();
    return words.every((word) => told.includes(word));
  });
}

/** Given to this person, or to their role where they work, or taken up by them. */
export function isMine({ hands, area }: Work, { me }: Pick<Viewer, 'me'>): boolean {
  if (!me) return false;
  const isHere = area === null || me.areas.length === 0 || me.areas.some((own) => isWithin(area, own));
  return hands.includes(me.id) || (isHere && me.role !== null && hands.includes(me.role));
}

const isOverdue = ({ dueAt }: Work, { now }: Viewer): boolean => dueAt !== null && dueAt < now;

/** The most urgent and the longest due stand first. */
export const inOrder = (a: Pick<Item, 'card'>, b: Pick<Item, 'card'>): number =>
  Number(b.card.urgent ?? false) - Number(a.card.urgent ?? false) || compare(dueOf(a), dueOf(b));
const dueOf = ({ card }: Pick<Item, 'card'>): string => card.work?.dueAt ?? '~';
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function grouped(items: readonly Item[], by: Choice['by']): readonly Group[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = by === 'area' && item.card.work ? (item.card.work.area ?? boardWords.noArea) : item.card.group;
    const members = groups.get(name);
    if (members) members.push(item);
    else groups.set(name, [item]);
  }
  const sorted = [...groups].map(([name, members]): Group => ({ name, items: members.sort(inOrder) }));
  const rank = ({ items: [first] }: Group): number => first!.card.rank;
  return sorted.sort((a, b) => (by === 'area' ? compare(a.name, b.name) : rank(a) - rank(b)));
}

/** What there is to choose from, with what is chosen already. */
export function offers(items: readonly Item[], { area, status }: Choice): Readonly<Record<'area' | 'status', Options>> {
  const values = (chosen: string, of: (work: Work) => string | null): readonly string[] =>
    [...new Set([chosen, ...items.flatMap(({ card }) => (card.work && of(card.work)) ?? [])])].filter(Boolean).sort();
  return {
    area: values(area, (work) => work.area).map((path) => [path, path]),
    status: values(status, (work) => work.status).map((code) => [code, wordsOf(code)]),
  };
}

export type Options = readonly (readonly [value: string, label: string])[];
