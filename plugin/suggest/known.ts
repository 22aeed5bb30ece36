/** The open items that have a note to link to, as they are looked for. */
import type { Feature } from '../../shared/kernel/feature.ts';
import { shortNumber } from '../../shared/kernel/ids.ts';
import type { Card, Surroundings } from '../../shared/kernel/note.ts';
import type { Host } from '../host.ts';
import type { Held } from '../replica.ts';
import { folded } from './match.ts';

export interface Known {
  readonly held: Held;
  readonly card: Card;
  /** Base name of its note. */
  readonly name: string;
  /** Folded: its number and title, and what else it can be found by. */
  readonly title: string;
  readonly told: string;
  /** All that is ever done with items of its kind. */
  readonly verbs: string;
}

const made = new WeakMap<Held, Known | null>();
/** A long description would only make everything fit. */
const MOST = 400;

export function knownTo({ register, replica, scribe }: Host): readonly Known[] {
  const around = scribe.around();
  return register.features.flatMap((feature) => {
    const verbs = folded(
      Object.values(feature.commands)
        .map(({ title }) => title)
        .join(' '),
    );
    return (feature.note?.card ? replica.all(feature.kind) : []).flatMap((held) => {
      let known = made.get(held);
      if (known === undefined) {
        known = look(feature, verbs, held, around);
        // The card of what somebody has to do follows from its state; others look at their neighbours too.
        if (!known || known.card.work) made.set(held, known);
      }
      return known ?? [];
    });
  });
}

function look(feature: Feature, verbs: string, held: Held, around: Surroundings): Known | null {
  const { state } = held;
  const card = feature.note!.card!(state, held, around);
  const name = card ? feature.note!.name(state, held, around.zone) : undefined;
  if (!card || name === undefined) return null;
  const more = String(feature.columns['search']?.(state) ?? '').slice(0, MOST);
  const title = folded(card.title);
  // `T12` finds T-12.
  const number = shortNumber(feature.letter, held.number).replace('-', '');
  const told = folded(`${number} ${feature.areaOf(state) ?? ''} ${more}`);
  return { held, card, name, title, told, verbs };
}
