/**
 * Entries may name files that come after them. When a file has come, and once at the start, the streams that wait for some are asked whether
 * they have them all now; what follows goes through the door like anything else.
 */
import type { Logger } from 'pino';
import type { Feature } from '../../shared/kernel/feature.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import { filesAmong, select, type Row } from '../../shared/kernel/read.ts';
import type { Register } from '../../shared/kernel/register.ts';

export interface AwaitedFiles {
  /** Resolves when everything that has come up to now was looked at. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

type Awaiting = Feature & { readonly awaits: NonNullable<Feature['awaits']> };

export async function followFiles(ledger: Ledger, register: Register, log: Logger): Promise<AwaitedFiles> {
  const awaiting = register.features.filter((feature): feature is Awaiting => feature.awaits !== undefined);
  const due = new Set<string>();
  let running: Promise<void> | undefined;

  async function look(org: string, feature: Awaiting): Promise<void> {
    const { name, kind, awaits } = feature;
    const rows = await ledger.load(org, select<unknown>(name, { where: awaits.where, order: 'oldest' }));
    const setsOf = ({ value }: Row): readonly (readonly string[])[] => awaits.files(value);
    const stored = new Set(await ledger.load(org, filesAmong([...new Set(rows.flatMap(setsOf).flat())])));
    for (const row of rows) {
      if (!setsOf(row).some((files) => files.every((file) => stored.has(file)))) continue;
      await ledger.transact([
        {
          id: derivedId('files', org, row.key, String(row.seq)),
          org,
          type: `${name}.${awaits.verb}`,
          subject: { kind, id: row.key },
          input: {},
          caller: { kind: 'engine', id: 'files', org, areas: [] },
        },
      ]);
    }
  }

  async function run(): Promise<void> {
    // Whoever brings many files is looked at once.
    await Promise.resolve();
    for (const org of due) {
      due.delete(org);
      for (const feature of awaiting) {
        try {
          await look(org, feature);
        } catch (error) {
          // The next file, or the next start, looks again.
          log.error({ org, feature: feature.name, err: error }, 'awaited files');
        }
      }
    }
    running = undefined;
  }

  function wake(org: string): void {
    due.add(org);
    running ??= run();
  }

  const deaf = ledger.onFile(wake);
  for (const org of await ledger.organisations()) wake(org);
  return {
    async settled() {
      while (running) await running;
    },
    async close() {
      deaf();
      due.clear();
      await running;
    },
  };
}
