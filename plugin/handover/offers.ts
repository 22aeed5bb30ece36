/** Where a word that needs no open note belongs, and which buttons stand for what a sheet does. */
import type { Card } from '../../shared/kernel/note.ts';
import type { CommandEntry } from '../../shared/kernel/register.ts';
import { isWithin } from '../../shared/kernel/roles.ts';
import type { Me } from '../connection.ts';
import type { Host } from '../host.ts';
import type { Held } from '../replica.ts';
import { callerOf, impossible, verbsFor } from '../verbs.ts';

const isCapture = ({ feature, verb }: CommandEntry): boolean => feature.capture?.verb === verb;
const sheetOf = ({ feature, verb }: CommandEntry) => feature.sheets?.[verb];

/** Items that preside now and of which this can be asked, the likeliest first: the open note's, then of the innermost area around it. */
export function targetsOf(host: Host, entry: CommandEntry, near: Held | undefined): Held[] {
  const { feature } = entry;
  const { me, register, replica } = host;
  if (!me || !feature.presides || !(isCapture(entry) || sheetOf(entry))) return [];
  const caller = callerOf(me);
  const place = near && register.byKind.get(near.kind)?.areaOf(near.state);
  const isNear = ({ state }: Held): boolean => {
    const area = feature.areaOf(state);
    return place !== undefined && area !== undefined && isWithin(place, area);
  };
  const depth = (held: Held): number =>
    held.id === near?.id ? Infinity : isNear(held) ? (feature.areaOf(held.state) ?? '').length : 0;
  return replica
    .all(feature.kind)
    .filter((held) => !feature.presides!.isSealed(held.state) && isOpen(held))
    .sort((a, b) => depth(b) - depth(a) || b.first - a.first);

  function isOpen(held: Held): boolean {
    const sheet = sheetOf(entry);
    return sheet ? sheet.isDue(held.state, me!.id) : !impossible(entry, held, caller);
  }
}

export function likeliestFirst(verbs: readonly CommandEntry[], { next = [] }: Card): CommandEntry[] {
  const place = ({ verb }: CommandEntry): number => (next.includes(verb) ? next.indexOf(verb) : next.length);
  return [...verbs].sort((a, b) => place(a) - place(b));
}

/** The verbs that have a button: a sheet that is due stands where the first of those would that it does itself. */
export function buttonsFor(host: Host, held: Held, me: Me | undefined): CommandEntry[] {
  const verbs = verbsFor(host.register, held, me);
  const feature = host.register.byKind.get(held.kind);
  for (const [verb, sheet] of Object.entries(feature?.sheets ?? {})) {
    const at = verbs.findIndex((entry) => sheet.covers.includes(entry.verb));
    if (!me || at < 0 || !sheet.isDue(held.state, me.id)) continue;
    verbs[at] = host.register.commands.get(`${feature!.name}.${verb}`)!;
    const rest = verbs.filter((entry, i) => i <= at || !sheet.covers.includes(entry.verb));
    verbs.splice(0, verbs.length, ...rest);
  }
  return verbs;
}
