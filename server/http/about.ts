/** `GET /v1/about`: what answers here, so that a device can tell a wrong address, and a server or a plugin that is too old. */
import manifest from '../../package.json' with { type: 'json' };
import { About } from '../../shared/sync/joining.ts';
import { API } from '../../shared/sync/pairing.ts';
import { json } from './answers.ts';
import type { Route } from './route.ts';

/** The oldest plugin that speaks as this server does. */
const LEAST_PLUGIN = '0.2.0';

export const aboutRoute: Route = {
  method: 'get',
  path: '/v1/about',
  group: 'server',
  title: 'What answers here',
  open: true,
  answers: { 200: { description: 'Product, version, and the oldest plugin that it works with', schema: About } },
  refusals: [],
  handle: async () =>
    json({ product: 'operary', version: manifest.version, api: API, plugin: { least: LEAST_PLUGIN } }),
};
