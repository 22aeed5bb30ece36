/** Every public route: what the register derives, and what belongs to no feature. */
import { Fault } from '../../shared/kernel/refusal.ts';
import { attemptRoutesOn } from '../outbound/attempts.ts';
import { aboutRoute } from './about.ts';
import { auditRoutes } from './audit.ts';
import { bundleRoutes } from './bundles.ts';
import { commandPlacesRoute } from './command-places.ts';
import { commandRoutes } from './commands.ts';
import { connectionSecretRoutes } from './connection-secrets.ts';
import { docsSyncRoute } from './docs-sync.ts';
import { documentRoutes } from './documents.ts';
import { feedRoutes } from './feed.ts';
import { figuresRoute } from './figures.ts';
import { fileRoutesOn } from './files.ts';
import { healthRoutes } from './health.ts';
import { ingestRoutes } from './ingest.ts';
import { senderRoutes } from './senders.ts';
import { snippetRoutes } from './snippets.ts';
import { logRoutes } from './log.ts';
import { readRoutes } from './reads.ts';
import { redeemRoute } from './redeem.ts';
import { routeName, type Route } from './route.ts';
import { publicPath } from './router.ts';
import type { Site } from './site.ts';
import { snapshotRoute } from './snapshot.ts';
import { syncRoutes } from './sync.ts';
import { ticketRoute } from './tickets.ts';
import { trailRoutes } from './trails.ts';

export function routesOf(site: Site): readonly Route[] {
  const routes = [
    ...readRoutes(site),
    ...commandRoutes(site),
    ...documentRoutes(site),
    ...bundleRoutes(site),
    ...connectionSecretRoutes(site),
    ...trailRoutes(site),
    ...fileRoutesOn(site.uploads),
    ...attemptRoutesOn(site),
    ...feedRoutes,
    ...syncRoutes,
    commandPlacesRoute,
    docsSyncRoute,
    snapshotRoute,
    ticketRoute,
    redeemRoute,
    ...ingestRoutes,
    ...senderRoutes,
    ...snippetRoutes(site),
    ...auditRoutes,
    figuresRoute,
    ...logRoutes,
    aboutRoute,
    ...healthRoutes,
  ];
  const seen = new Set<string>();
  for (const route of routes) {
    const name = `${route.method} ${publicPath(route.path)}`;
    if (seen.has(name)) throw new Fault(`Two routes are called ${routeName(route)}.`);
    seen.add(name);
  }
  return routes;
}
