/** For whoever keeps the server running: alive, ready, measured. No token: nothing here names an organisation. */
import * as z from 'zod';
import { refuse } from '../../shared/kernel/refusal.ts';
import { bytes, json } from './answers.ts';
import type { Route } from './route.ts';

const status = z.object({ status: z.literal('ok') });
const base = { method: 'get', group: 'server', open: true, refusals: [] } as const;

export const healthRoutes: readonly Route[] = [
  {
    ...base,
    path: '/healthz',
    title: 'Whether the process is alive',
    answers: { 200: { description: 'Alive', schema: status } },
    handle: async () => json({ status: 'ok' }),
  },
  {
    ...base,
    path: '/readyz',
    title: 'Whether it can take work',
    answers: { 200: { description: 'Ready', schema: status } },
    refusals: ['not-ready'],
    handle: async ({ site }) => {
      const trouble = site.trouble();
      return trouble === undefined ? json({ status: 'ok' }) : refuse('not-ready', trouble);
    },
  },
  {
    ...base,
    path: '/metrics',
    title: 'Metrics in the Prometheus text format',
    answers: { 200: { description: 'Metrics', contentType: 'text/plain', schema: z.string() } },
    handle: async ({ site }) => bytes(await site.metrics.text(), site.metrics.contentType),
  },
];
