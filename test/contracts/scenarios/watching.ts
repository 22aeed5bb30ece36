/** What auditors and operators of the server look at. */
import type { Scenario } from './scenario.ts';

export const watching: readonly Scenario[] = [
  {
    title: 'The audit of one task',
    route: 'GET /v1/audit',
    path: '/v1/audit?shift={night.id}&limit=1',
    by: 'aude',
    status: 200,
    answer: { items: [{ type: 'shift.planned' }] },
  },
  {
    title: 'Every finished item has exactly one root',
    route: 'GET /v1/audit/orphans',
    by: 'ana',
    status: 200,
    answer: { items: [], examined: 2 },
  },
  { title: 'The signed head of the log', route: 'GET /v1/log/checkpoint', by: 'aude', status: 200 },
  {
    title: 'A tile of hashes',
    route: 'GET /v1/log/tile/{tile}',
    path: '/v1/log/tile/0/000.p/3',
    by: 'aude',
    status: 200,
  },
  {
    title: 'An entry bundle with what a role may not read',
    route: 'GET /v1/log/tile/{tile}',
    path: '/v1/log/tile/entries/000.p/3',
    by: 'ben',
    status: 403,
    answer: { code: 'role-not-allowed' },
  },
  {
    title: 'A proof of inclusion',
    route: 'GET /v1/log/proof/inclusion',
    path: '/v1/log/proof/inclusion?seq=3',
    by: 'aude',
    status: 200,
    answer: { index: 2 },
  },
  {
    title: 'A proof of consistency',
    route: 'GET /v1/log/proof/consistency',
    path: '/v1/log/proof/consistency?from=2&to=5',
    by: 'aude',
    status: 200,
    answer: { from: 2, to: 5 },
  },
  { title: 'Alive', route: 'GET /healthz', by: 'nobody', status: 200, answer: { status: 'ok' } },
  { title: 'Ready', route: 'GET /readyz', by: 'nobody', status: 200, answer: { status: 'ok' } },
  { title: 'Measured', route: 'GET /metrics', by: 'nobody', status: 200 },
];
