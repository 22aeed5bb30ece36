/** How organisations, people and tokens of this register begin, and what a first start adds so that there is something to try. */
import type { Bootstrap } from '../kernel/bootstrap.ts';
import { localDate, utcFromLocal } from '../kernel/local-time.ts';
import { select, type Row } from '../kernel/read.ts';
import { utc } from '../kernel/schema.ts';
import { THREE_SHIFTS } from './areas/contract.ts';
import type { OrgState } from './orgs/contract.ts';
import type { TokenState } from './tokens/contract.ts';
import { usersNamed } from './users/contract.ts';

const DAY = 86_400_000;
const FIRST_AREA = { path: 'main', name: 'Main area', shifts: THREE_SHIFTS };

export const bootstrap: Bootstrap = {
  organisation: ({ org, slug, name, zone, keys }) => [
    { type: 'orgs.create', subject: { kind: 'org', id: org }, input: { slug, name, keys, ...(zone ? { zone } : {}) } },
  ],
  firstDay: ({ id, now, zone = 'UTC' }) => [
    { type: 'areas.create', subject: { kind: 'area', id: id() }, input: FIRST_AREA },
    ...shiftsAround(now, zone).map((input) => ({ type: 'shifts.create', subject: { kind: 'shift', id: id() }, input })),
  ],
  organisationRow: select('orgs', { limit: 1 }),
  described: (row) => {
    const { slug, name } = (row as Row<OrgState>).value;
    return { slug, name };
  },
  personNamed: usersNamed,
  person: ({ id, ...person }) => ({ type: 'users.add', subject: { kind: 'user', id }, input: person }),
  token: ({ id, ...grant }) => ({ type: 'tokens.create', subject: { kind: 'token', id }, input: grant }),
  offer: ({ id, ...grant }) => ({ type: 'tokens.offer', subject: { kind: 'token', id }, input: grant }),
  offeredUntil: (state) => (state as TokenState).offer?.until ?? '',
};

/** The shifts that begin between yesterday evening and tomorrow evening, so that one of them is always now. */
const shiftsAround = (now: number, zone: string) =>
  [-1, 0, 1].flatMap((day) =>
    THREE_SHIFTS.filter(({ name }) => day >= 0 || name === 'Night').map(({ name, from, to }) => ({
      area: FIRST_AREA.path,
      name,
      from: utcFromLocal(`${localDate(utc(now + day * DAY), zone)}T${from}`, zone),
      to: utcFromLocal(`${localDate(utc(now + (to > from ? day : day + 1) * DAY), zone)}T${to}`, zone),
    })),
  );
