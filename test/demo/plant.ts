/** Leeds Works: its areas, its people, its monitoring; all made over the public API. */
import { apiOf, type Api } from '../kit/api.ts';

export interface Plant {
  readonly url: string;
  readonly admin: Api;
  readonly priya: Api;
  readonly tom: Api;
  readonly dana: Api;
  readonly marek: Api;
  readonly jo: Api;
  readonly aude: Api;
  readonly ids: Readonly<Record<string, string>>;
  readonly tokens: Readonly<Record<string, string>>;
  /** Posts a recorded delivery, byte for byte, as monitoring does. */
  deliver(raw: string): Promise<{ status: string; deliveryId: string }>;
  /** Posts generic JSON, as a PLC gateway does. */
  signal(event: object): Promise<{ status: string; deliveryId: string }>;
}

const AREAS = [
  ['leeds/packaging', 'Packaging'],
  ['leeds/utilities', 'Utilities'],
  ['leeds/press-shop', 'Press shop'],
  ['leeds/warehouse', 'Warehouse'],
] as const;

const PEOPLE = [
  ['priya', 'Priya Nair', 'supervisor'],
  ['tom', 'Tom Hughes', 'supervisor'],
  ['dana', 'Dana Kowalski', 'line_lead'],
  ['marek', 'Marek Zieliński', 'maintenance_engineer'],
  ['jo', 'Jo Reid', 'operator'],
  ['aude', 'Aude Brandt', 'auditor'],
] as const;

export async function openPlant(url: string, adminToken: string): Promise<Plant> {
  const admin = apiOf(url, adminToken);
  for (const [path, name] of AREAS) await admin.post('/v1/areas', { path, name });
  const ids: Record<string, string> = {};
  const tokens: Record<string, string> = {};
  for (const [key, name, role] of PEOPLE) {
    ids[key] = (await admin.post('/v1/users', { name, role })).id;
    tokens[key] = (await admin.post<{ token: string }>('/v1/tokens', { user: ids[key], role })).token;
  }
  const connect = async (kind: string, name: string) => {
    const { id, token } = await admin.post<{ id: string; token: string }>('/v1/integrations', { kind, name });
    const sender = apiOf(url, token);
    return async (body: Uint8Array) => {
      const response = await sender.ask('POST', `/v1/ingest/${id}`, body, { 'content-type': 'application/json' });
      return (await response.json()) as { status: string; deliveryId: string };
    };
  };
  const monitoring = await connect('alertmanager', 'Plant monitoring');
  const gateway = await connect('generic', 'PLC gateway');
  const as = (key: string) => apiOf(url, tokens[key]!);
  return {
    url,
    admin,
    priya: as('priya'),
    tom: as('tom'),
    dana: as('dana'),
    marek: as('marek'),
    jo: as('jo'),
    aude: as('aude'),
    ids,
    tokens,
    deliver: (raw) => monitoring(new TextEncoder().encode(raw)),
    signal: (event) => gateway(new TextEncoder().encode(JSON.stringify(event))),
  };
}
