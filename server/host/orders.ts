/** What the CLI can ask for, by itself or of a running server. Input and answer are JSON. */
import { evidenceBundle } from '../evidence/bundle.ts';
import { streamOf } from '../http/entity.ts';
import { AskError, findOrganisation, foundOrganisation, giveCode, giveToken } from './founding.ts';
import type { Installation } from './installation.ts';

export const ORDERS = {
  'org-create': foundOrganisation,
  'token-create': giveToken,
  'pairing-code': giveCode,
  export: exportBundle,
} as const;

export type OrderName = keyof typeof ORDERS;

export interface Exported {
  readonly name: string;
  /** Path → base64. */
  readonly files: Readonly<Record<string, string>>;
}

async function exportBundle(
  at: Installation,
  order: { readonly org?: string | undefined; readonly kind: string; readonly id: string },
): Promise<Exported> {
  const { ledger, register, backing } = at;
  const { org } = await findOrganisation(at, order.org);
  const feature = register.features.find(
    ({ kind, name, sealed }) => sealed && (kind === order.kind || name === order.kind),
  );
  if (!feature) throw new AskError(`Nothing called "${order.kind}" can be exported.`);
  const stream = await streamOf(ledger, org, feature, order.id);
  if (!stream) throw new AskError(`There is no ${feature.kind} ${order.id} in this organisation.`);
  const sealed = feature.sealed!(stream.state);
  if (!sealed) throw new AskError(`This ${feature.kind} is not sealed yet. Seal it first.`);
  const bundle = await evidenceBundle(ledger, backing.keyring.trust(org), org, stream.id, sealed);
  const files = [...bundle].map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')] as const);
  return { name: sealed.name, files: Object.fromEntries(files) };
}
