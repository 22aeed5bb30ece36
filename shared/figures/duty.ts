/** Who was on duty as an operator, and for how long: from the crews of the shifts, and from who came and went in between. */
import type { FeedEvent } from '../kernel/ledger.ts';
import { concerns, DAY, type Scope } from './figure.ts';

interface Spell {
  readonly shift: string;
  readonly user: string;
  readonly from: number;
  to: number;
}

interface Member {
  readonly user: string;
  readonly role: string;
}

export interface Duty {
  hear(event: FeedEvent, at: number): void;
  /** Milliseconds of all operators together. */
  worked(from: number, to: number): number;
  shifts(): readonly string[];
}

export function dutyOf(scope: Scope): Duty {
  const spells: Spell[] = [];
  /** A shift presides over the places inside its area. */
  const isOver = (area: string | null): boolean =>
    concerns(scope, area) || (area !== null && scope.areas.some((inner) => inner.startsWith(`${area}/`)));

  function comes(shift: string, { user, role }: Member, at: number): void {
    const isHere = spells.some((spell) => spell.shift === shift && spell.user === user && spell.to > at);
    // A shift that nobody closes ends by itself: a day is longer than any.
    if (role === 'operator' && !isHere) spells.push({ shift, user, from: at, to: at + DAY });
  }
  function goes(shift: string, at: number, user?: string): void {
    for (const spell of spells)
      if (spell.shift === shift && (user === undefined || spell.user === user)) spell.to = Math.min(spell.to, at);
  }

  const HEAR: Readonly<Record<string, (shift: string, at: number, body: FeedEvent['body']) => void>> = {
    'shift.started': (shift, at, body) => (body['crew'] as readonly Member[]).forEach((one) => comes(shift, one, at)),
    'shift.checked_in': (shift, at, body) => comes(shift, body as unknown as Member, at),
    'shift.checked_out': (shift, at, body) => goes(shift, at, body['user'] as string),
    'shift.closed': (shift, at) => goes(shift, at),
    'shift.sealed': (shift, at) => goes(shift, at),
  };

  return {
    hear({ type, subject, area, body }, at) {
      if (subject.kind === 'shift' && isOver(area) && !body.aside) HEAR[type]?.(subject.id, at, body);
    },
    worked: (from, to) =>
      spells.reduce((sum, spell) => sum + Math.max(0, Math.min(spell.to, to) - Math.max(spell.from, from)), 0),
    shifts: () => [...new Set(spells.map(({ shift }) => shift))],
  };
}
