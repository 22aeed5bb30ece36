/** The people and the machine that every story is told about. Their ids are fixed, so that goldens are too. */
import type { Caller } from '../../shared/kernel/command.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import type { Role } from '../../shared/kernel/roles.ts';

export const ORG = derivedId('test', 'org', 'leeds');
export const OTHER_ORG = derivedId('test', 'org', 'york');

export interface Person extends Caller {
  readonly name: string;
}

export const person = (name: string, role: Role, areas: readonly string[] = [], org: string = ORG): Person => ({
  kind: 'user',
  id: derivedId('test', 'user', name),
  org,
  role,
  areas,
  name,
});

export const ana = person('Ana Byrne', 'supervisor');
export const tom = person('Tom Hughes', 'supervisor');
export const dana = person('Dana Kowalski', 'line_lead');
export const ben = person('Ben Reid', 'operator');
export const marek = person('Marek Zieliński', 'maintenance_engineer');
export const aude = person('Aude Lambert', 'auditor');
export const root = person('Root Admin', 'admin');
export const PEOPLE: readonly Person[] = [ana, tom, dana, ben, marek, aude, root];

export const scada: Person = {
  kind: 'integration',
  id: derivedId('test', 'integration', 'scada'),
  org: ORG,
  areas: [],
  name: 'SCADA',
};
export const monitoring: Person = { ...scada, id: derivedId('test', 'integration', 'monitoring'), name: 'Monitoring' };
export const engine: Person = { kind: 'engine', id: 'a-policy', org: ORG, areas: [], name: 'Engine' };
export const host: Person = { kind: 'host', id: 'host', org: ORG, areas: [], name: 'Host' };

/** One caller of every role and kind, by its name. */
export const EVERYBODY: Readonly<Record<string, Person>> = {
  operator: ben,
  line_lead: dana,
  supervisor: ana,
  maintenance_engineer: marek,
  auditor: aude,
  admin: root,
  integration: scada,
  engine,
  host,
};

/** The caller as the door meets it: without the name. */
export const callerOf = ({ name: _name, ...caller }: Person): Caller => caller;

/** The same person with a narrower reach. */
export const within = (whom: Person, ...areas: readonly string[]): Person => ({ ...whom, areas });
