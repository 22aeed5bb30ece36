/** What the followers of connected systems share: where those are declared, their secrets, and how a fault is recorded once. */
import type { Direction } from '../../shared/kernel/connection.ts';
import type { Feature } from '../../shared/kernel/feature.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import type { Register } from '../../shared/kernel/register.ts';
import { replaceControls } from '../../shared/kernel/schema.ts';
import type { SecretStore } from '../host/secrets.ts';

export type ConnectionFeature = Feature & { readonly connections: NonNullable<Feature['connections']> };

export const connectionsIn = ({ features }: Register): ConnectionFeature | undefined =>
  features.find((feature): feature is ConnectionFeature => feature.connections !== undefined);

export const secretFor = (secrets: SecretStore, org: string, id: string, name: string | null): string | undefined =>
  name === null ? undefined : secrets.get(org, id, name);

export interface Faults {
  note(detail: string): Promise<void>;
  over(): Promise<void>;
}

/** The rules record a fault once and its end once; this only asks. */
export function faultsOf(
  ledger: Ledger,
  { name, kind, connections }: ConnectionFeature,
  { org, id }: { readonly org: string; readonly id: string },
  what: Direction,
): Faults {
  async function say(detail: string | null): Promise<void> {
    const stream = await ledger.stream(org, kind, id);
    if (!stream || (detail === null && !connections.of(stream.state).faulty.includes(what))) return;
    await ledger.transact([
      {
        id: derivedId('connection', org, id, what, detail ?? '', String(stream.seq)),
        org,
        type: `${name}.${connections.noteFault}`,
        subject: { kind, id },
        input: { what, detail },
        caller: { kind: 'engine', id: 'connections', org, areas: [] },
      },
    ]);
  }
  return { note: (detail) => say(fit(detail)), over: () => say(null) };
}

const fit = (detail: string): string => replaceControls(detail.toWellFormed(), ' ').slice(0, 500).toWellFormed();
