/** What is offered to somebody who has typed `@` and some words: to say it, to link to an item, to do something with one. */
import type { CommandEntry } from '../../shared/kernel/register.ts';
import { inOrder as asOnTheBoard } from '../board/sift.ts';
import type { Known } from './known.ts';
import { BEGINNING, firstOf, fits, folded, loosely, wordsIn } from './match.ts';

/** An item alone: a link to it. A command alone: the typed words, said with it. Both: done with the item. */
export interface Offer {
  readonly item?: Known;
  readonly entry?: CommandEntry;
  readonly text?: string;
}

export interface Around {
  /** What can be said here as one text. */
  readonly sayings: readonly CommandEntry[];
  readonly items: readonly Known[];
  /** What the note in which it is typed is about. */
  readonly own: Known | undefined;
  readonly isMine: (item: Known) => boolean;
  /** What may be done with it now, the likeliest first. Asked of few. */
  readonly verbsOf: (item: Known) => readonly CommandEntry[];
}

export const LIMIT = 20;
/** Of each sort; and as many items are asked whether what was named can be done with them. */
const [LINKS, DEEDS, ASKED] = [7, 7, 25] as const;
/** Of these items the likeliest is offered although no verb was named. */
const [LIKELY_ITEMS, LIKELY_VERBS] = [2, 2] as const;
/** While nothing is typed. */
const [FIRST_VERBS, FIRST_LINKS] = [3, 5] as const;

interface Found {
  readonly item: Known;
  readonly score: number;
  /** Words that are not the item's: they may name what is to be done. */
  readonly rest: readonly string[];
}

export function offered(typed: string, around: Around): Offer[] {
  const words = wordsIn(typed);
  const sayings = around.sayings.map((entry) => ({ entry, text: typed.trim() }));
  return (words.length ? found(words, sayings, around) : [...sayings, ...useful(around)]).slice(0, LIMIT);
}

function found(words: readonly string[], sayings: readonly Offer[], around: Around): readonly Offer[] {
  const inOrder = (a: Found, b: Found): number => b.score - a.score || usual(around)(a.item, b.item);
  const loose = words.map(loosely);
  const all = around.items.map((item) => find(item, words, loose));
  const whole = all.filter(({ rest }) => !rest.length);
  const named = all.filter(({ item, rest }) => rest.length && isCalled(item.verbs, rest));
  const links = firstOf(whole, LINKS, inOrder).map(({ item }) => item);
  return [
    ...firstOf(named, ASKED, inOrder)
      .flatMap(({ item, rest }) => deeds(item, around).filter(({ entry }) => isCalled(folded(entry.word.title), rest)))
      .slice(0, DEEDS),
    ...links.map((item) => ({ item })),
    ...sayings,
    ...links.slice(0, LIKELY_ITEMS).flatMap((item) => deeds(item, around).slice(0, LIKELY_VERBS)),
  ];
}

const isCalled = (title: string, words: readonly string[]): boolean =>
  words.every((word) => fits(word, title) >= BEGINNING);

const deeds = (item: Known, { verbsOf }: Around) => verbsOf(item).map((entry) => ({ item, entry }));

function find(item: Known, words: readonly string[], loose: readonly RegExp[]): Found {
  let score = 0;
  const rest = words.filter((word, i) => {
    const inTitle = fits(word, item.title);
    const fit = inTitle ? inTitle + 1 : fits(word, item.told) || Number(loose[i]!.test(item.title));
    score += fit;
    return !fit;
  });
  return { item, score, rest };
}

function useful(around: Around): readonly Offer[] {
  const { items, own } = around;
  const others = items.filter((item) => item !== own && item.card.work);
  return [
    ...(own ? deeds(own, around).slice(0, FIRST_VERBS) : []),
    ...firstOf(others, FIRST_LINKS, usual(around)).map((item) => ({ item })),
  ];
}

/** Mine first; then as on the board the urgent, and what is due. */
const usual =
  ({ isMine }: Around) =>
  (a: Known, b: Known): number =>
    Number(isMine(b)) - Number(isMine(a)) || asOnTheBoard(a, b);
