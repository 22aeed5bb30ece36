/** `GET /v1/NAME/{id}/bundle`: the evidence bundle of a sealed stream, as a zip whose bytes depend on nothing but the record. */
import type { Feature } from '../../shared/kernel/feature.ts';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { forbids } from '../../shared/kernel/roles.ts';
import { evidenceBundle, zipOf } from '../evidence/bundle.ts';
import { sightOf } from './access.ts';
import { bytes } from './answers.ts';
import { streamOf } from './entity.ts';
import type { Asked, Route } from './route.ts';
import type { Site } from './site.ts';

export const bundleRoutes = (site: Site): Route[] =>
  site.register.features
    .filter(({ sealed }) => sealed)
    .map((feature) => ({
      method: 'get',
      path: `/v1/${feature.name}/{id}/bundle`,
      group: feature.name,
      title: 'Evidence bundle',
      description:
        'Report, entries, seal, proofs and keys, checked by `operary verify`, `sha256sum -c` and `ssh-keygen -Y verify`.',
      answers: { 200: { description: 'BagIt in a zip', contentType: 'application/zip' } },
      refusals: ['role-not-allowed', 'not-found', 'not-sealed'],
      handle: (asked) => download(asked, feature),
    }));

async function download({ site, caller, params }: Asked, feature: Feature): Promise<Response | Refusal> {
  const { ledger, keyring } = site;
  const stream = sightOf(caller, feature, await streamOf(ledger, caller.org, feature, params['id']!));
  if (isRefusal(stream)) return stream;
  const permission = feature.archive?.permission ?? feature.readers;
  const refused = forbids(caller, permission, { area: feature.areaOf(stream.state) });
  if (refused) return refused;
  const sealed = feature.sealed!(stream.state);
  if (!sealed) return refuse('not-sealed', `This ${feature.kind} is not sealed yet. Seal it first.`);
  const files = await evidenceBundle(ledger, keyring.trust(caller.org), caller.org, stream.id, sealed);
  return bytes(zipOf(files, sealed.name), 'application/zip', {
    'content-disposition': `attachment; filename="${sealed.name.replace(/[^A-Za-z0-9._-]/g, '_')}.zip"`,
  });
}
