/** Opens a vault the way the plugin does: the plugin's own host, on Node's fetch and WebSocket, with its notes going to a folder. */
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { keepDashboards } from '../../plugin/dashboards.ts';
import { createAttention } from '../../plugin/attention.ts';
import { createHost } from '../../plugin/host.ts';
import type { Mine } from '../../shared/kernel/dashboard.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { features } from '../../shared/features/index.ts';
import type { Memory } from '../../plugin/notes/ports.ts';
import { identityOf, memoryLastSeen, memoryOutbox, NOTHING_TO_SEND } from '../kit/a-device.ts';
import { memoryVault } from '../kit/memory-vault.ts';
import { nodeLink } from '../kit/node-link.ts';

export interface OpenVault {
  /** Resolves to the notes, path by path, once `isWhole` says that none is missing; the vault is closed then. */
  notes(isWhole: (paths: readonly string[]) => boolean): Promise<ReadonlyMap<string, string>>;
}

/** A vault that is open while things happen, as a supervisor's is. */
export function openVault(url: string, token: string): OpenVault {
  const files = memoryVault();
  const remembered = new Map<string, string>();
  const register = createRegister(features);
  const memory: Memory = {
    get: (key) => remembered.get(key),
    set: (key, value) => void (value === undefined ? remembered.delete(key) : remembered.set(key, value)),
  };
  const host = createHost({
    register,
    link: nodeLink(url, token).link,
    clock: {
      now: Date.now,
      random: Math.random,
      after: (milliseconds, work) => {
        const timer = setTimeout(work, milliseconds);
        return () => clearTimeout(timer);
      },
    },
    files,
    memory,
    attention: createAttention(Date.now, (sentence) => console.log(`  ! ${sentence}`)),
    breathe: () => pause(0),
    unique: () => randomBytes(16).toString('hex'),
    identity: identityOf(`demo ${randomBytes(4).toString('hex')}`),
    outbox: memoryOutbox(),
    lock: () => Promise.resolve(() => undefined),
    lastSeen: memoryLastSeen(),
    evidence: NOTHING_TO_SEND,
    people: { refusal: () => undefined, met: () => undefined, onChange: () => undefined },
    askPerson: () => Promise.resolve(undefined),
  });
  host.start();
  const mine = (): Mine => {
    const me = host.me!;
    return { name: host.scribe.around().userName(me.id), role: me.role };
  };
  return {
    async notes(isWhole) {
      for (let tries = 0; !isWhole([...files.texts.keys()]); tries++) {
        if (tries > 600) throw new Error(`After a minute the vault held only ${[...files.texts.keys()].join(', ')}.`);
        await pause(100);
      }
      await host.notebook.idle();
      await keepDashboards({ files, memory, register }, mine());
      host.stop();
      return files.texts;
    },
  };
}

/** A folder that Obsidian opens, with the plugin in place and switched on. The token is not in it: tokens belong in the secret storage. */
export async function writeVault(folder: string, notes: ReadonlyMap<string, string>, url: string): Promise<void> {
  const put = async (path: string, text: string) => {
    const file = join(folder, ...path.split('/'));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  for (const [path, text] of notes) await put(path, text);
  const plugin = '.obsidian/plugins/operary';
  await put('.obsidian/community-plugins.json', '["operary"]\n');
  await put('.obsidian/app.json', '{ "promptDelete": false }\n');
  await put(`${plugin}/data.json`, `${JSON.stringify({ url }, null, 2)}\n`);
  const root = new URL('../../', import.meta.url);
  for (const name of ['main.js', 'manifest.json', 'styles.css'])
    await copyFile(new URL(name, root), join(folder, plugin, name));
}
