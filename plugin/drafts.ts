/** What somebody had entered when a form was closed: kept on this device, for them alone, until it is done or the item's rules are through with it. */
import type { Subject } from '../shared/kernel/event.ts';
import type { Host } from './host.ts';
import { callerOf, impossible } from './verbs.ts';

export interface Draft {
  /** As it was entered the last time. */
  readonly left: unknown;
  keep(entered: unknown): void;
  drop(): void;
}

interface Kept {
  readonly who: string;
  readonly type: string;
  readonly item: Subject | undefined;
  readonly entered: unknown;
}

/** So many unfinished forms that nobody came back to; the oldest go first. */
const MOST = 20;
export const DRAFTS = 'drafts';
/** The mark of a command's sheet. */
export const SHEET = 'sheet';

type Around = Pick<Host, 'memory' | 'me' | 'replica' | 'register'>;

/** `type`: the command's, with a mark behind `#` where it has more forms than one. */
export function draftOf(host: Around, type: string, item?: Subject): Draft {
  const { memory } = host;
  const who = host.me?.id ?? '';
  const isThis = (one: Kept): boolean => one.who === who && one.type === type && one.item?.id === item?.id;
  const others = (): Kept[] => all(memory.get(DRAFTS)).filter((one) => !isThis(one) && !isOver(host, one));
  const put = (kept: readonly Kept[]): void =>
    memory.set(DRAFTS, kept.length ? JSON.stringify(kept.slice(-MOST)) : undefined);
  return {
    get left() {
      return all(memory.get(DRAFTS)).find((one) => isThis(one) && !isOver(host, one))?.entered;
    },
    keep: (entered) => put([...others(), { who, type, item: item && { kind: item.kind, id: item.id }, entered }]),
    drop: () => put(others()),
  };
}

/** Its item has gone, its sheet is not due any more, or the rules refuse it outright. */
function isOver({ me, replica, register }: Around, { who, type, item }: Kept): boolean {
  if (!item || !me || me.id !== who) return false;
  const held = replica.get(item);
  const [name = '', mark] = type.split('#');
  const entry = register.commands.get(name);
  if (!held || !entry) return true;
  const sheet = mark === SHEET ? entry.feature.sheets?.[entry.verb] : undefined;
  return sheet ? !sheet.isDue(held.state, me.id) : impossible(entry, held, callerOf(me)) !== undefined;
}

function all(text: string | undefined): readonly Kept[] {
  try {
    return JSON.parse(text ?? '[]') as Kept[];
  } catch {
    return [];
  }
}
