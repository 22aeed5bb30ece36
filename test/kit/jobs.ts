/** Words to work the toy feature with, whatever the ledger. */
import type { Ledger } from '../../shared/kernel/ledger.ts';
import { select } from '../../shared/kernel/read.ts';
import { ask, uuid } from './ledger.ts';

export const create = (name: string, title = `Check ${name}`, more: object = {}) =>
  ask('jobs.create', name, { title, area: 'leeds/packaging', ...more });

/** Everything that readers can see of an organisation. */
export async function allOf(ledger: Ledger, org: string) {
  return {
    head: await ledger.head(org),
    events: await ledger.events(org, 0, 10_000),
    jobs: await ledger.load(org, select('jobs')),
    notes: await ledger.load(org, select('job_notes')),
    watches: await ledger.load(org, select('watches')),
    porches: await ledger.load(org, select('porches')),
    checkpoint: await ledger.checkpoint(org),
    disclosures: await ledger.disclosures(
      org,
      Array.from({ length: await ledger.head(org) }, (_, i) => i + 1),
    ),
    links: await ledger.links(org, { kind: 'job', id: uuid('a') }, 'up'),
  };
}
