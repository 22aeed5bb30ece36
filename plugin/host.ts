/**
 * The device's host: confirmed state with what is pending on top of it in, notes out, and what people changed in them back to the rules as
 * commands. Knows the grammar of features, never one of them by name.
 */
import type { Edit, EditAnswer } from '../shared/kernel/note.ts';
import type { Register } from '../shared/kernel/register.ts';
import type { Asking } from './asking.ts';
import { createBundles } from './bundles.ts';
import { createConnection, Denied, type Connection, type Me } from './connection.ts';
import type { HostPorts } from './host-ports.ts';
import type { Evidence } from './evidence/evidence.ts';
import { answered, timed } from './link.ts';
import { createNotebook, type Notebook } from './notes/notebook.ts';
import type { Memory } from './notes/ports.ts';
import { createDesk } from './outbox/desk.ts';
import { createClockOffset } from './outbox/offset.ts';
import { createPast, type Past } from './past.ts';
import { isOwnPlant } from './plant.ts';
import { createProse, type ProseParts } from './prose/prose.ts';
import { BEARER } from './prose/unsent.ts';
import { createProvisionalNames } from './provisional-names.ts';
import type { View } from './provisional-tx.ts';
import { createOverlay } from './provisional.ts';
import { createReplica, keyOf, type Held } from './replica.ts';
import { createScribe, type Scribe } from './scribe.ts';
import { createThings } from './things.ts';
import { callerOf, impossible } from './verbs.ts';
import { connectionWords, notesWords } from './words/index.ts';

export type { HostPorts } from './host-ports.ts';

export interface Host {
  readonly register: Register;
  /** What this device shows: confirmed state with what is pending laid over it. */
  readonly replica: View;
  readonly notebook: Notebook;
  readonly scribe: Scribe;
  readonly connection: Connection;
  readonly asking: Asking;
  readonly evidence: Evidence;
  readonly memory: Memory;
  /** Who uses this device just now. */
  readonly me: Me | undefined;
  /** Its id, once the server has told. */
  readonly organisation: string | undefined;
  /** The plant that this vault belongs to has answered since the start: what waits may go there. */
  readonly isAtPlant: boolean;
  /** How far this device has seen. */
  readonly position: number;
  /** What the server says of an item just now and devices are not sent, as sentences; none when it cannot be reached. */
  remarksOn(held: Held): Promise<readonly string[]>;
  /** How many entries, files and texts are on this device only. */
  readonly waiting: number;
  /** Of these, people's texts. */
  readonly textsWaiting: number;
  /** Called after anything that a person could see has changed. */
  onChange(hear: () => void): void;
  /** When all notes of what presides now stand, and when all others do. */
  readonly timing: { connected: number; current: number | undefined; all: number | undefined };
  /** Finished long ago, and without notes in this vault. */
  readonly past: Past;
  /** Makes its notes; answers where its main note is. The sealed ones follow when the server has sent what they are made of. */
  fetchPast(held: Held): Promise<string | undefined>;
  /** The notes that are open in an editor: their texts are kept live. */
  shown(paths: readonly string[]): void;
  /** The people's text of this note never changes again, or not while nobody has taken over. */
  isClosed(path: string): boolean;
  start(): void;
  /** The device is awake or online again. */
  wake(): void;
  stop(): void;
}

export function createHost(ports: HostPorts): Host {
  const { register, clock, files, memory, attention, breathe } = ports;
  const offset = createClockOffset(memory);
  const link = timed(ports.link, clock, (...times) => offset.measured(...times));
  const replica = createReplica(register);
  const overlay = createOverlay(replica);
  const bundles = createBundles(link, register, (held) => scribe.write([keyOf(held)]), clock);
  const listeners: (() => void)[] = [];
  const changed = (): void => {
    desk.asking.moved();
    listeners.forEach((hear) => hear());
  };
  let hasBegun = false;
  let isAtPlant = false;
  const timing: Host['timing'] = { connected: 0, current: undefined, all: undefined };

  const prose = ports.texts && createProse({ ...ports.texts, ...proseNeeds() });
  const notebook = createNotebook({
    files,
    memory,
    breathe,
    ...(prose ? { people: prose.people } : {}),
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
  const past = createPast(ports, overlay, () => scribe.around());
  const scribe: Scribe = createScribe({
    ...{ replica: overlay, notebook, breathe, bundles: bundles.held },
    ...{ leavesOut: past.leavesOut, named: createThings(ports).want },
  });
  const names = createProvisionalNames({
    ...{ view: overlay, files, notebook, zone: () => scribe.organisation.zone },
    mayChange: (path) => !notebook.isSealed(path) && !isClosed(path),
  });
  const connection = createConnection(link, clock, {
    device: () => ports.identity.deviceId,
    async met({ organisation }) {
      if (!isOwnPlant(memory, organisation)) throw new Denied(connectionWords.otherPlant);
      isAtPlant = true;
      await desk.met();
    },
    started(snapshot) {
      desk.started(snapshot);
      begin();
    },
    heard(events, next) {
      const { changed: keys, missing } = replica.apply(events);
      const pending = desk.heard(events, next);
      redraw(new Set([...overlay.rebase(keys), ...pending]));
      void fetchBundles([...keys].flatMap((key) => heldAt(key) ?? []));
      return missing;
    },
    changed(state) {
      if (state.kind === 'connecting') timing.connected = clock.now();
      if (state.kind === 'live') {
        desk.courier.connected();
        ports.evidence.wake();
      }
      prose?.online(state.kind === 'live');
      changed();
    },
  });
  const desk = createDesk({
    ...{ ...ports, link, offset, replica, overlay, connection, redraw, begin },
    textsWaiting: () => prose?.waiting() ?? 0,
    replaced: () => prose?.serverReplaced(),
  });

  function isClosed(path: string): boolean {
    const entity = notebook.entityAt(path);
    return entity !== undefined && (ports.people.refusal() !== undefined || (prose?.isClosed(entity) ?? false));
  }

  function heldAt(key: string): Held | undefined {
    const at = key.indexOf('/');
    return overlay.get({ kind: key.slice(0, at), id: key.slice(at + 1) });
  }

  function proseNeeds(): Omit<ProseParts, 'lines' | 'store'> {
    const { presiding } = register;
    return {
      link,
      clock,
      tell: (about, sentence) => attention.tell(about, sentence),
      deviceId: () => ports.identity.deviceId,
      writer: () => (ports.people.refusal() ? undefined : (ports.identity.person() ?? BEARER)),
      bearer: () => desk.bearer,
      sign: (bytes) => ports.identity.sign(bytes),
      titleOf: (entity) => notebook.nameOf(entity) ?? notesWords.aNote,
      isPresiding(entity) {
        const held = presiding && overlay.get({ kind: presiding.kind, id: entity });
        return held !== undefined && !presiding!.presides!.isSealed(held.state);
      },
      refresh: (entity) => notebook.refresh(entity),
      changed,
    };
  }

  /** From the first note on. */
  function begin(): void {
    hasBegun = true;
    scribe.begin(desk.organisation, desk.position);
    void Promise.resolve(names.followAll()).then(writeAll);
    changed();
  }

  function redraw(keys: ReadonlySet<string>): void {
    // Without what the server has told, a note would say less than it does.
    if (!hasBegun) return changed();
    const write = (): void => scribe.write(scribe.affectedBy(keys), desk.position);
    const renamed = names.follow(keys);
    if (renamed) void renamed.then(write);
    else write();
    changed();
  }

  async function writeAll(): Promise<void> {
    await scribe.writeCurrent();
    await notebook.idle();
    timing.current = clock.now() - timing.connected;
    await scribe.writeRest();
    await notebook.idle();
    timing.all = clock.now() - timing.connected;
    const rest = [...overlay.everything()].filter((held) => !past.leavesOut(held));
    await fetchBundles(rest.sort((a, b) => b.first - a.first));
  }

  /** The sealed notes never change, whatever the stream still hears. */
  const sealedAt = ({ kind, state, seq }: Held): number => register.byKind.get(kind)?.sealed?.(state)?.sealedSeq ?? seq;

  async function fetchBundles(all: readonly Held[]): Promise<void> {
    for (const held of all) {
      if (past.leavesOut(held)) continue;
      const note = register.byKind.get(held.kind)?.note;
      if (note?.needsBundle?.(held.state) && !(await notebook.holds(keyOf(held), sealedAt(held)))) bundles.fetch(held);
    }
  }

  async function edited(noteKey: string, edit: Edit, stream: string, path: string): Promise<void> {
    const held = heldAt(stream);
    const note = held && register.byKind.get(held.kind)?.note;
    const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.md$/, '');
    const refused = (why: string): void =>
      attention.answer(`edit:${noteKey}:${edit.kind === 'box' ? edit.line : edit.key}`, `${name}: ${why}`);
    if (!held || !note) return refused(notesWords.finished);
    const answer = note.read(edit, held.state, held, scribe.around());
    if (typeof answer === 'string') return refused(answer);
    const complete = await completed(answer, path);
    if (complete === null) return;
    if (typeof complete === 'string') return refused(complete);
    const outcome = await desk.asking.ask(complete);
    if (outcome.kind === 'refused') refused(outcome.detail);
  }

  /** With what the command demands, from a person where that is missing. `null`: they changed their mind. */
  async function completed(answer: EditAnswer, path: string): Promise<EditAnswer | string | null> {
    const entry = register.commands.get(answer.type);
    const subject = overlay.get(answer.subject);
    const refusal = entry && subject && desk.me && impossible(entry, subject, callerOf(desk.me));
    if (refusal) return notesWords.putBack(refusal.detail);
    const word = entry?.word;
    if (!word || word.input.safeParse(answer.input).success) return answer;
    const fields = await ports.askPerson(answer, path);
    if (fields === null) return null;
    if (fields) return { ...answer, input: fields };
    return notesWords.needsMore(word.title);
  }

  attention.onChange(changed);
  ports.people.onChange(() => prose?.tookOver());
  return {
    register,
    replica: overlay,
    notebook,
    scribe,
    connection,
    asking: desk.asking,
    evidence: ports.evidence,
    memory,
    get me() {
      return desk.me;
    },
    get organisation() {
      return desk.organisation || undefined;
    },
    get isAtPlant() {
      return isAtPlant;
    },
    get position() {
      return desk.position;
    },
    async remarksOn({ kind, id }) {
      try {
        const { status, json } = await answered(link, clock, 'GET', `/v1/${register.byKind.get(kind)!.name}/${id}`);
        return status === 200 ? sentencesIn(json) : [];
      } catch {
        return [];
      }
    },
    get waiting() {
      return desk.waiting;
    },
    get textsWaiting() {
      return prose?.waiting() ?? 0;
    },
    onChange: (hear) => void listeners.push(hear),
    timing,
    past,
    async fetchPast(held) {
      past.bring(held);
      scribe.write([keyOf(held)]);
      await notebook.idle();
      void fetchBundles([held]);
      return notebook.pathOf(keyOf(held));
    },
    shown(paths) {
      prose?.shown(paths.flatMap((path) => notebook.entityAt(path) ?? []));
    },
    isClosed,
    start: () => connection.start(),
    wake() {
      connection.wake();
      desk.courier.poke();
      ports.evidence.wake();
    },
    stop() {
      connection.stop();
      prose?.stop();
      notebook.stop();
      desk.close();
    },
  };
}

/** Of every list in an entity, the members that say something in words. */
const sentencesIn = (entity: unknown): readonly string[] =>
  Object.values((entity ?? {}) as Readonly<Record<string, unknown>>)
    .flatMap((member) => (Array.isArray(member) ? (member as readonly unknown[]) : []))
    .flatMap((item) => {
      const { says } = (item ?? {}) as { readonly says?: unknown };
      return typeof says === 'string' ? [says] : [];
    });
