/** The rules of being connected: settings are recorded whole, secrets by their key, a fault once until it is over. */
import { DIRECTIONS, secretName, type Connection, type Direction } from '../../kernel/connection.ts';
import type { Decide, Evolve } from '../../kernel/feature.ts';
import { refuse } from '../../kernel/refusal.ts';
import type { Connecting, connectingCommands, connectingEvents } from './connecting-words.ts';

export const unconnected: Connecting = {
  statusUrl: null,
  statusSince: 0,
  pull: null,
  secretKeys: { status: null, pull: null },
  faults: { status: null, pull: null },
};

type Own = Connecting & { readonly retired: boolean };

const RETIRED = refuse('transition-not-allowed', 'This integration is retired; create a new one.');

export const connectingDecide: Decide<Own, typeof connectingCommands> = {
  connect: (state, { input }) => {
    if (state.retired) return RETIRED;
    const statusUrl = input.statusUrl === undefined ? state.statusUrl : input.statusUrl;
    const pull = input.pull === undefined ? state.pull : input.pull;
    return [{ type: 'integration.connected', body: { statusUrl, pull } }];
  },
  keepSecret: (state, { input: { what, key } }) =>
    state.retired ? RETIRED : [{ type: 'integration.secret_kept', body: { what, key } }],
  noteFault: (state, { input: { what, detail } }) => {
    const fault = state.faults[what];
    if (detail === null) return fault ? [{ type: 'integration.recovered', body: { what } }] : [];
    return fault?.detail === detail ? [] : [{ type: 'integration.faulted', body: { what, detail } }];
  },
};

type Evolved<S> = Evolve<S, typeof connectingEvents>;

/** For whatever state holds these members among others. */
export const connectingEvolve = <S extends Connecting>(): Evolved<S> => ({
  'integration.connected': (state, { seq, body: { statusUrl, pull } }) => ({
    ...state,
    statusUrl,
    pull,
    // Told from here on: what happened before is not news to a system that was not there.
    statusSince: state.statusUrl === null ? seq : state.statusSince,
    faults: { status: null, pull: null },
  }),
  'integration.secret_kept': (state, { body: { what, key } }) => ({
    ...state,
    secretKeys: { ...state.secretKeys, [what]: key },
  }),
  'integration.faulted': (state, { body: { what, detail }, occurredAt }) => ({
    ...state,
    faults: { ...state.faults, [what]: { detail, since: occurredAt } },
  }),
  'integration.recovered': (state, { body: { what } }) => ({ ...state, faults: { ...state.faults, [what]: null } }),
});

export function connectionOf({ retired, statusUrl, statusSince, pull, secretKeys, faults }: Own): Connection {
  const faulty = DIRECTIONS.filter((what) => faults[what] !== null);
  const nameOf = (what: Direction) => (secretKeys[what] === null ? null : secretName(what, secretKeys[what]));
  const secrets = { status: nameOf('status'), pull: nameOf('pull') };
  if (retired) return { tells: null, pulls: null, secrets, faulty };
  return {
    tells: statusUrl === null ? null : { url: statusUrl, secret: secrets.status, since: statusSince },
    pulls: pull && {
      ...pull,
      cursorParam: pull.cursorParam ?? null,
      nextCursorPointer: pull.nextCursorPointer ?? null,
      secret: secrets.pull,
    },
    secrets,
    faulty,
  };
}

export const connectingView = ({ statusUrl, pull, secretKeys, faults }: Connecting) => ({
  statusUrl,
  pull,
  secrets: DIRECTIONS.filter((what) => secretKeys[what] !== null),
  faults: DIRECTIONS.flatMap((what) => {
    const fault = faults[what];
    return fault ? [{ what, ...fault }] : [];
  }),
});
