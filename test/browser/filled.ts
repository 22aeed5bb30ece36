/** Open tasks by the thousand, spread evenly over areas, recorded at the server's door. */
import { randomBytes } from 'node:crypto';
import type { Command } from '../../shared/kernel/command.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { AREA, type Works } from './works.ts';

export async function fill({ server, org, ids }: Works, tasks: number, areas: number): Promise<void> {
  const fresh = () => uuidV7(Date.now(), randomBytes(10));
  const commands = Array.from({ length: tasks }, (_, i): Command => {
    const area = i % areas === 0 ? AREA : `leeds/area-${i % areas}`;
    return {
      id: fresh(),
      org,
      type: 'tasks.create',
      subject: { kind: 'task', id: fresh() },
      input: {
        title: `Check bearing ${i}`,
        description: 'Listen, measure, write down what you find.',
        area,
        assignee: { role: 'maintenance_engineer' },
      },
      caller: { kind: 'user', id: ids.ana, org, role: 'supervisor', areas: [] },
    };
  });
  for (let i = 0; i < commands.length; i += 500) await server.ledger.transact(commands.slice(i, i + 500));
}
