/** The memory twin of the server's store: a device's provisional ledger, and every test's. Undo is a list of closures. */
import type { NodeReader } from '../proof/tree.ts';
import type { Disclosure } from '../proof/leaf.ts';
import { contactsFrom } from './contacts.ts';
import type { Contact, Receipt } from './device.ts';
import type { Subject } from './event.ts';
import type { Attestation, Entry, FeedEvent, Kept, LinkRow, RowChange, Stream } from './ledger.ts';
import { sha256Hex } from './bytes.ts';
import { NO_PROSE, type Prose } from './prose.ts';
import { passes, type Cell, type Read, type Row } from './read.ts';
import { Fault } from './refusal.ts';
import type { BatchTx, Nodes, Store, StoreReads } from './store.ts';

interface TableRow extends Row {
  readonly columns: Readonly<Record<string, Cell>>;
}

interface OrgData {
  readonly entries: Entry[];
  readonly streams: Map<string, Stream>;
  readonly numbers: Map<string, number>;
  readonly tables: Map<string, Map<string, TableRow>>;
  readonly kept: Map<string, Kept>;
  readonly links: LinkRow[];
  readonly files: Map<string, Uint8Array>;
  readonly nodes: Map<string, Uint8Array>;
  readonly checkpoints: { size: number; note: string }[];
  readonly receipts: Receipt[];
  readonly contacts: Map<string, Omit<Contact, 'received' | 'gaps'>>;
}

export function memoryStore(): Store {
  const orgs = new Map<string, OrgData>();
  let undo: (() => void)[] = [];

  const of = (org: string): OrgData => {
    let data = orgs.get(org);
    if (!data) {
      data = {
        entries: [],
        streams: new Map(),
        numbers: new Map(),
        tables: new Map(),
        kept: new Map(),
        links: [],
        files: new Map(),
        nodes: new Map(),
        checkpoints: [],
        receipts: [],
        contacts: new Map(),
      };
      orgs.set(org, data);
    }
    return data;
  };
  const set = <K, V>(map: Map<K, V>, key: K, value: V) => {
    const had = map.has(key);
    const was = map.get(key);
    undo.push(() => (had ? map.set(key, was!) : map.delete(key)));
    map.set(key, value);
  };
  const push = <V>(list: V[], value: V) => {
    undo.push(() => list.pop());
    list.push(value);
  };
  const attempt = <T>(work: () => T): T => {
    const mark = undo.length;
    try {
      return work();
    } catch (error) {
      while (undo.length > mark) undo.pop()!();
      throw error;
    }
  };

  function putRow(org: string, change: RowChange, seq: number, number: number | null): void {
    const { tables } = of(org);
    if (!tables.has(change.table)) tables.set(change.table, new Map());
    const table = tables.get(change.table)!;
    const was = table.get(change.key);
    set(table, change.key, {
      key: change.key,
      value: change.value,
      number,
      first: was?.first ?? seq,
      seq,
      columns: change.columns,
    });
  }

  const nodes = (org: string): Nodes => ({
    node(level, index) {
      const hash = of(org).nodes.get(`${level}/${index}`);
      if (!hash) throw new Fault(`The tree of ${org} has no node ${level}/${index}.`);
      return hash;
    },
    put: (level, index, hash) => set(of(org).nodes, `${level}/${index}`, hash),
  });

  let prose: Prose = NO_PROSE;
  const load = (org: string, read: Read): unknown =>
    'prose' in read ? read.prose.flatMap((entity) => prose.photograph(org, entity) ?? []) : loadFrom(of(org), read);
  const tx: BatchTx = {
    kept: (org, id) => of(org).kept.get(id),
    keep: (org, id, kept) => set(of(org).kept, id, kept),
    stream: (org, kind, id) => of(org).streams.get(`${kind}/${id}`),
    load,
    head: (org) => of(org).entries.length,
    lastNumber: (org, kind) => of(org).numbers.get(kind) ?? 0,
    append(entry) {
      const { event, stream } = entry;
      const data = of(event.org);
      if (event.seq !== data.entries.length + 1) throw new Fault('The ledger has no gaps.');
      push(data.entries, entry);
      set(data.streams, `${stream.kind}/${stream.id}`, stream);
      if (stream.number !== null)
        set(data.numbers, stream.kind, Math.max(stream.number, data.numbers.get(stream.kind) ?? 0));
      putRow(event.org, entry.main, event.seq, stream.number);
      for (const row of entry.rows) putRow(event.org, row, event.seq, null);
      for (const link of event.upstream)
        push(data.links, { from: event.subject, rel: link.rel, to: { kind: link.kind, id: link.id }, seq: event.seq });
      for (const bytes of entry.files) set(data.files, sha256Hex(bytes), bytes);
      for (const entity of entry.seals) prose.seal(event.org, entity, event.seq);
    },
    history: (org, subject) =>
      of(org)
        .entries.filter(({ event }) => same(event.subject, subject))
        .map(({ event }) => event),
    touchedAfter: (org, seq) => [
      ...new Map(
        of(org)
          .entries.slice(seq)
          .map(({ event: { subject } }) => [`${subject.kind}/${subject.id}`, subject]),
      ).values(),
    ],
    receiptsAt: (org, device, deviceSeq) =>
      of(org).receipts.filter((receipt) => receipt.device === device && receipt.deviceSeq === deviceSeq),
    receiptBefore: (org, device, deviceSeq) =>
      of(org)
        .receipts.filter((receipt) => receipt.device === device && receipt.deviceSeq < deviceSeq)
        .sort((a, b) => b.deviceSeq - a.deviceSeq)[0],
    receive: (org, receipt) => push(of(org).receipts, receipt),
    savepoint: attempt,
    leavesAfter: (org, seq) =>
      of(org)
        .entries.slice(seq)
        .map((entry) => entry.leaf),
    nodes,
    putCheckpoint: (org, size, note) => push(of(org).checkpoints, { size, note }),
    putFile: ({ org, sha256, bytes }) => void of(org).files.set(sha256, bytes),
  };

  const committed: StoreReads = {
    byRef: (org, kind, ref) =>
      typeof ref === 'string'
        ? of(org).streams.get(`${kind}/${ref}`)
        : [...of(org).streams.values()].find((stream) => stream.kind === kind && stream.number === ref),
    load,
    events: (org, after, limit) =>
      of(org)
        .entries.slice(after, after + limit)
        .map(shown),
    history: (org, subject, upTo) =>
      of(org)
        .entries.filter(
          ({ event }) => event.subject.kind === subject.kind && event.subject.id === subject.id && event.seq <= upTo,
        )
        .map(shown),
    places: (org, commands) =>
      commands.flatMap((id) => {
        const last = of(org).entries.findLast(({ event }) => event.command.id === id);
        return last ? [{ id, seq: last.event.seq }] : [];
      }),
    links: (org, item, direction) =>
      of(org).links.filter((link) => same(direction === 'up' ? link.from : link.to, item)),
    organisations: () => [...orgs].filter(([, data]) => data.entries.length).map(([org]) => org),
    head: (org) => of(org).entries.length,
    leaves: (org, from, to) =>
      of(org)
        .entries.slice(from - 1, to)
        .map(({ event, leaf }) => ({ seq: event.seq, leaf })),
    disclosures: (org, seqs): readonly Disclosure[] =>
      seqs.flatMap((seq) => of(org).entries[seq - 1]?.disclosures ?? []),
    nodes: (org): NodeReader => nodes(org),
    checkpoint: (org, atLeast) => {
      const all = of(org).checkpoints;
      return (atLeast === undefined ? all.at(-1) : all.find(({ size }) => size >= atLeast))?.note;
    },
    attestation: (org, seq): Attestation | undefined => of(org).entries[seq - 1]?.attestations[0],
    signed: (org, seq) => of(org).entries[seq - 1]?.signed,
    file: (org, sha256) => of(org).files.get(sha256),
  };

  return {
    committed,
    transaction(work) {
      undo = [];
      return attempt(() => work(tx));
    },
    contact(org, { device, user, at, lastDeviceSeq = 0, outboxDepth }) {
      const { contacts } = of(org);
      const before = contacts.get(device);
      contacts.set(device, {
        ...{ device, user, at },
        lastDeviceSeq: Math.max(before?.lastDeviceSeq ?? 0, lastDeviceSeq),
        outboxDepth: outboxDepth ?? before?.outboxDepth ?? 0,
      });
    },
    attachProse: (keeper) => void (prose = keeper),
    close: () => undefined,
  };
}

const same = (a: Subject, b: Subject): boolean => a.kind === b.kind && a.id === b.id;
const shown = ({ event, area }: Entry): FeedEvent => ({ ...event, area });

function loadFrom(data: OrgData, read: Read): unknown {
  if ('head' in read) return data.entries.length;
  if ('contacts' in read) return contactsFrom(data.contacts, data.receipts);
  if ('prose' in read) return [];
  if ('filesAmong' in read) return read.filesAmong.filter((name) => data.files.has(name));
  if ('eventsOfShift' in read)
    return data.entries.filter(({ event }) => event.shift === read.eventsOfShift).map(({ event }) => event);
  if ('leavesOfShift' in read) {
    return data.entries
      .filter(({ event }) => event.shift === read.leavesOfShift)
      .map(({ event, leaf }) => ({ seq: event.seq, leaf }));
  }
  const { table, where, order, limit } = read.select;
  const rows = [...(data.tables.get(table)?.values() ?? [])]
    .filter((row) => passes({ ...row.columns, key: row.key, number: row.number, first: row.first }, where))
    .sort((a, b) => (order === 'oldest' ? a.first - b.first : b.first - a.first) || (a.key < b.key ? -1 : 1));
  return rows.slice(0, limit ?? rows.length).map(({ columns: _columns, ...row }) => row);
}
