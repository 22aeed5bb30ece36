/**
 * The device's host: confirmed state in, notes out, and what people changed in them back to the server as commands. Knows the grammar of
 * features, never one of them by name.
 */
import type { Edit, EditAnswer } from '../shared/kernel/note.ts';
import type { Register } from '../shared/kernel/register.ts';
import type { Attention } from './attention.ts';
import { createAsking, type Asking, type Fields } from './asking.ts';
import { createBundles } from './bundles.ts';
import { createConnection, type Connection, type Me } from './connection.ts';
import type { Clock, Link } from './link.ts';
import { createNotebook, type Notebook } from './notes/notebook.ts';
import type { Breathe, Memory, NoteFiles } from './notes/ports.ts';
import { createReplica, keyOf, type Held, type Replica } from './replica.ts';
import { createScribe, type Scribe } from './scribe.ts';
import { callerOf, impossible } from './verbs.ts';

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
  /** Asks a person for what an edit lacks; `undefined` when nobody is there, `null` when the person does not want to. */
  readonly askPerson: (answer: EditAnswer, notePath: string) => Promise<Fields | null | undefined>;
}

export interface Host {
  readonly register: Register;
  readonly replica: Replica;
  readonly notebook: Notebook;
  readonly scribe: Scribe;
  readonly connection: Connection;
  readonly asking: Asking;
  readonly me: Me | undefined;
  /** Called after anything that a person could see has changed. */
  onChange(hear: () => void): void;
  /** When all notes of what presides now stand, and when all others do. */
  readonly timing: { connected: number; current: number | undefined; all: number | undefined };
  start(): void;
  stop(): void;
}

export function createHost(ports: HostPorts): Host {
  const { register, link, clock, files, memory, attention, breathe } = ports;
  const replica = createReplica(register);
  const bundles = createBundles(link, register, (held) => scribe.write([keyOf(held)]), clock);
  const listeners: (() => void)[] = [];
  const changed = (): void => listeners.forEach((hear) => hear());
  const timing: Host['timing'] = { connected: 0, current: undefined, all: undefined };
  let me: Me | undefined;

  const notebook = createNotebook({
    files,
    memory,
    breathe,
    now: () => clock.now(),
    person: {
      edited,
      tell: (about, sentence) => attention.tell(about, sentence),
      needs(stream) {
        const held = heldAt(stream);
        if (held) bundles.fetch(held);
      },
    },
  });
  const scribe = createScribe({ replica, notebook, breathe, bundles: bundles.held });
  const asking = createAsking({ link, register, clock, replica, unique: ports.unique });
  const connection = createConnection(link, clock, {
    started(snapshot) {
      me = snapshot.me;
      replica.load(snapshot.items);
      scribe.begin(snapshot.organisation, snapshot.head);
      void writeAll();
      changed();
    },
    heard(events, next) {
      const { changed: keys, missing } = replica.apply(events);
      scribe.write(scribe.affectedBy(keys), next);
      for (const key of keys) asking.moved(key);
      void fetchBundles([...keys].flatMap((key) => heldAt(key) ?? []));
      if (keys.size) changed();
      return missing;
    },
    changed(state) {
      if (state.kind === 'connecting') timing.connected = clock.now();
      changed();
    },
  });

  function heldAt(key: string): Held | undefined {
    const at = key.indexOf('/');
    return replica.get({ kind: key.slice(0, at), id: key.slice(at + 1) });
  }

  async function writeAll(): Promise<void> {
    await scribe.writeCurrent();
    await notebook.idle();
    timing.current = clock.now() - timing.connected;
    await scribe.writeRest();
    await notebook.idle();
    timing.all = clock.now() - timing.connected;
    await fetchBundles([...replica.everything()].sort((a, b) => b.first - a.first));
  }

  async function fetchBundles(all: readonly Held[]): Promise<void> {
    for (const held of all) {
      const note = register.byKind.get(held.kind)?.note;
      if (note?.needsBundle?.(held.state) && !(await notebook.holds(keyOf(held), held.seq))) bundles.fetch(held);
    }
  }

  async function edited(noteKey: string, edit: Edit, stream: string, path: string): Promise<void> {
    const held = heldAt(stream);
    const note = held && register.byKind.get(held.kind)?.note;
    const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.md$/, '');
    const refused = (why: string): void =>
      attention.answer(`edit:${noteKey}:${edit.kind === 'box' ? edit.line : edit.key}`, `${name}: ${why}`);
    if (!held || !note) return refused('this item is finished and its record is closed; the change was put back.');
    const answer = note.read(edit, held.state, held, scribe.around());
    if (typeof answer === 'string') return refused(answer);
    const complete = await completed(answer, path);
    if (complete === null) return;
    if (typeof complete === 'string') return refused(complete);
    const outcome = await asking.ask(complete);
    if (outcome.kind === 'refused') refused(outcome.detail);
  }

  /** With what the command demands, from a person where that is missing. `null`: they changed their mind. */
  async function completed(answer: EditAnswer, path: string): Promise<EditAnswer | string | null> {
    const entry = register.commands.get(answer.type);
    const subject = replica.get(answer.subject);
    const refusal = entry && subject && me && impossible(entry, subject, callerOf(me));
    if (refusal) return `${refusal.detail} It was put back.`;
    const word = entry?.word;
    if (!word || word.input.safeParse(answer.input).success) return answer;
    const fields = await ports.askPerson(answer, path);
    if (fields === null) return null;
    if (fields) return { ...answer, input: fields };
    return `"${word.title}" needs to be told more. Use the command of that name; the change was put back.`;
  }

  attention.onChange(changed);
  return {
    register,
    replica,
    notebook,
    scribe,
    connection,
    asking,
    get me() {
      return me;
    },
    onChange: (hear) => void listeners.push(hear),
    timing,
    start: () => connection.start(),
    stop() {
      connection.stop();
      notebook.stop();
    },
  };
}
