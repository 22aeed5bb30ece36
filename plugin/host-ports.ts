/** What the host needs of a device. Obsidian has adapters for it; tests have it in memory. */
import type { EditAnswer } from '../shared/kernel/note.ts';
import type { Register } from '../shared/kernel/register.ts';
import type { Attention } from './attention.ts';
import type { Evidence } from './evidence/evidence.ts';
import type { Identity } from './identity.ts';
import type { Clock, Link } from './link.ts';
import type { Breathe, Memory, NoteFiles } from './notes/ports.ts';
import type { LastSeen, OutboxStore, WriterLock } from './outbox/ports.ts';
import type { Fields } from './outbox/words.ts';
import type { People } from './people.ts';
import type { ProseStore, RoomLines } from './prose/ports.ts';

export interface HostPorts {
  readonly register: Register;
  readonly link: Link;
  readonly clock: Clock;
  readonly files: NoteFiles;
  readonly memory: Memory;
  readonly attention: Attention;
  readonly breathe: Breathe;
  /** At least 16 random bytes as hex. */
  readonly unique: () => string;
  readonly identity: Identity;
  readonly outbox: OutboxStore;
  readonly lock: WriterLock;
  readonly lastSeen: LastSeen;
  readonly evidence: Evidence;
  /** For people's text, live; without it the people's part of a note is made and left to them. */
  readonly texts?: { readonly lines: RoomLines; readonly store: ProseStore };
  /** Who may record just now, and whom the server knows. */
  readonly people: Pick<People, 'refusal' | 'met' | 'onChange'>;
  /** How many days back what is sealed gets its notes by itself; without it, all of it. */
  readonly pastDays?: () => number;
  /** Asks a person for what an edit lacks; `undefined` when nobody is there, `null` when the person does not want to. */
  readonly askPerson: (answer: EditAnswer, notePath: string) => Promise<Fields | null | undefined>;
}
