/**
 * What helps whoever is asked for help: versions, counts, states. Built from an allow-list of such facts: no token, PIN, path of an address,
 * name or sentence of anybody can be in it, for nothing of that kind is ever copied into it.
 */
import type { Concern } from './attention.ts';
import type { Taken } from './audit/kept.ts';
import type { Host } from './host.ts';
import type { Settings } from './ui/settings.ts';

export interface Facts {
  readonly version: string;
  readonly obsidian: string;
  readonly platform: string;
  readonly now: number;
  readonly settings: Settings;
  readonly host: Host | undefined;
  readonly deviceId: string;
  /** How many markdown files are in our folder. */
  readonly notes: number;
  /** Evidence bundles that are kept on this device. */
  readonly bundles: Taken;
  readonly concerns: readonly Concern[];
  /** Device minus server, in milliseconds, as it was measured last. */
  readonly offset: string | undefined;
}

const LATEST = 20;

export const diagnosticsOf = (facts: Facts): string => {
  const { host, settings, concerns, now } = facts;
  const offset = Number(facts.offset);
  return [
    'Operary diagnostics',
    `Made: ${utc(now)}`,
    `Plugin: ${facts.version} · Obsidian: ${facts.obsidian} · ${facts.platform}`,
    `Server: ${originOf(settings.url)} · fingerprint ${settings.root ? 'set' : 'not set'}`,
    `Connection: ${host ? stateOf(host) : 'unset'}`,
    `Clock: ${facts.offset !== undefined && Number.isFinite(offset) ? `${offset} ms ahead of the server` : 'not measured'}`,
    `Device: ${short(facts.deviceId)} · organisation: ${short(host?.organisation)} · user: ${short(host?.me?.id)} · role: ${code(host?.me?.role)}`,
    `Settings: lock after ${settings.lockMinutes} min, shifts of ${settings.pastDays} days`,
    `Notes in the folder: ${facts.notes}`,
    `Evidence bundles kept: ${facts.bundles.count} (${facts.bundles.bytes} bytes)`,
    ...(host ? countsOf(host) : []),
    `Needs attention: ${concerns.length}`,
    ...concerns.slice(-LATEST).map(({ about, at }) => `- ${utc(at)} ${code(/^[a-z-]+(?=:|$)/.exec(about)?.[0])}`),
    '',
  ].join('\n');
};

function countsOf(host: Host): string[] {
  const kinds = host.register.features
    .map(({ name, kind }) => [name, host.replica.all(kind).length] as const)
    .filter(([, count]) => count > 0);
  const { current, all } = host.timing;
  return [
    `Position: ${host.position} · known: ${kinds.map(([name, count]) => `${name} ${count}`).join(', ') || 'nothing'}`,
    `Shifts without notes here: ${host.past.all().length}`,
    `Waiting: ${host.waiting}, of these texts ${host.textsWaiting}, files ${host.evidence.waiting()} (${host.evidence.waitingBytes()} bytes)`,
    `Notes ready: running shift after ${current ?? '?'} ms, all after ${all ?? '?'} ms`,
  ];
}

function stateOf({ connection: { state } }: Host): string {
  if (state.kind === 'offline') return `offline since ${utc(state.since)}, ${reasonOf(state.why)}`;
  return state.kind;
}

/** Only the code of a reason: what a server or a system says in words may name anything. */
const reasonOf = (why: string): string => /\bERR_[A-Z_]{1,60}/.exec(why)?.[0] ?? 'no code';

/** Neither a person in it, nor a path. */
function originOf(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    return url ? 'not an address' : 'none';
  }
}

const utc = (at: number): string => new Date(at).toISOString();
const short = (id: string | undefined): string => (id ? `…${id.slice(-8)}` : '?');
/** A word of ours. */
const code = (word: string | null | undefined): string => (word && /^[a-z_-]{1,40}$/.test(word) ? word : '?');
