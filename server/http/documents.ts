/** `GET /v1/NAME/{id}/DOCUMENT`: the bytes that were kept once they are final, and until then as they would be written now. */
import { textOf } from '../../shared/kernel/bytes.ts';
import type { Document, Feature } from '../../shared/kernel/feature.ts';
import type { Read } from '../../shared/kernel/read.ts';
import { Fault, isRefusal, type Refusal } from '../../shared/kernel/refusal.ts';
import { forbids } from '../../shared/kernel/roles.ts';
import { utc } from '../../shared/kernel/schema.ts';
import { sightOf } from './access.ts';
import { bytes } from './answers.ts';
import { streamOf } from './entity.ts';
import type { Asked, Route } from './route.ts';
import type { Site } from './site.ts';

export const documentRoutes = (site: Site): Route[] =>
  site.register.features.flatMap((feature) =>
    Object.entries(feature.documents ?? {}).map(([name, document]) => ({
      method: 'get',
      path: `/v1/${feature.name}/{id}/${name}`,
      group: feature.name,
      title: document.title,
      answers: {
        200: {
          description: document.title,
          ...(document.schema ? { schema: document.schema } : { contentType: document.contentType.split(';')[0]! }),
        },
      },
      refusals: ['role-not-allowed', 'not-found'],
      handle: (asked) => show(asked, feature, document),
    })),
  );

async function show(asked: Asked, feature: Feature, document: Document): Promise<Response | Refusal> {
  const { site, caller, params } = asked;
  const stream = sightOf(caller, feature, await streamOf(site.ledger, caller.org, feature, params['id']!));
  if (isRefusal(stream)) return stream;
  const state = stream.state as never;
  const refused = forbids(caller, document.permission(state), { area: feature.areaOf(state) });
  if (refused) return refused;
  const kept = document.final(state);
  if (kept !== null) {
    const final = await site.ledger.file(caller.org, kept);
    if (!final) throw new Fault(`The kept document ${kept} is not in the store.`);
    return bytes(final, document.contentType, { etag: `"${kept}"` });
  }
  const seen: Record<string, unknown> = {};
  const look = async (reads: Readonly<Record<string, Read>>) => {
    for (const [name, read] of Object.entries(reads)) seen[name] = await site.ledger.load(caller.org, read);
  };
  await look(document.reads(state, stream.id));
  await look(document.further?.(seen as never) ?? {});
  const at = { now: utc(site.clock.now()), number: stream.number };
  const begins = document.begins?.(state) ?? null;
  const first = begins === null ? undefined : await site.ledger.file(caller.org, begins);
  if (begins !== null && !first) throw new Fault(`The kept document ${begins} is not in the store.`);
  const written = document.write(state, seen as never, at);
  return bytes(first ? `${textOf(first)}\n${written}` : written, document.contentType);
}
