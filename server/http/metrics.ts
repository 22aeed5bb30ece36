/** Prometheus metrics. Labels come from our own tables only, never from a request. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Ledger } from '../../shared/kernel/ledger.ts';

export interface Metrics {
  served(route: string, status: number, seconds: number): void;
  text(): Promise<string>;
  readonly contentType: string;
  sockets(change: 1 | -1): void;
  /** What became of a delivery, by the kind of its sender. */
  delivered(kind: string, verdict: string): void;
}

export function createMetrics(ledger: Ledger): Metrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'operary_http_requests_total',
    help: 'Requests by route and status.',
    labelNames: ['route', 'status'],
    registers,
  });
  const duration = new Histogram({
    name: 'operary_http_request_duration_seconds',
    help: 'Time from the first byte of a request to its answer.',
    labelNames: ['route'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const commits = new Histogram({
    name: 'operary_commit_events',
    help: 'Events that one commit added to one organisation.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers,
  });
  const sockets = new Gauge({ name: 'operary_feed_sockets', help: 'Open feed sockets.', registers });
  const ingest = new Counter({
    name: 'operary_ingest_total',
    help: 'Deliveries by kind of sender and by what became of them.',
    labelNames: ['kind', 'verdict'],
    registers,
  });
  new Gauge({
    name: 'operary_organisations',
    help: 'Organisations in the ledger.',
    registers,
    async collect() {
      this.set((await ledger.organisations()).length);
    },
  });
  new Gauge({
    name: 'operary_ledger_events',
    help: 'Events in the ledger, all organisations together.',
    registers,
    async collect() {
      const heads = await Promise.all((await ledger.organisations()).map((org) => ledger.head(org)));
      this.set(heads.reduce((sum, head) => sum + head, 0));
    },
  });
  const heads = new Map<string, number>();
  ledger.onCommit((org, head) => {
    const before = heads.get(org);
    if (before !== undefined) commits.observe(head - before);
    heads.set(org, head);
  });
  return {
    served(route, status, seconds) {
      requests.inc({ route, status });
      duration.observe({ route }, seconds);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
    sockets: (change) => sockets.inc(change),
    delivered: (kind, verdict) => ingest.inc({ kind, verdict }),
  };
}
