/** What a plugin may not do while Obsidian is starting: ask a server, open its stores, look through the vault. */
import { afterEach, beforeEach, expect } from 'vitest';
import type { VaultClient } from './harness/client.ts';
import { status } from './harness/looking.ts';
import { joined } from './hands.ts';
import { releaseSuite } from './release-suite.ts';
import { openWorks, type Works } from './works.ts';

const { test, open } = releaseSuite();
let works: Works;
beforeEach(async () => {
  works = await openWorks();
});
afterEach(() => works.close());

type Watched = typeof window & { did: Set<string> };
const done = (vault: VaultClient): Promise<string[]> => vault.page.evaluate(() => [...(window as Watched).did].sort());

/** From now on everything of that kind is written down, and the layout is not ready. */
const starting = (vault: VaultClient): Promise<void> =>
  vault.page.evaluate(() => {
    const did = new Set<string>();
    const app = window.harness.app();
    const telling = <T extends object>(owner: T, names: readonly (keyof T & string)[], what: string): void => {
      for (const name of names) {
        const original = owner[name] as (...args: unknown[]) => unknown;
        const told = function (this: unknown, ...args: unknown[]): unknown {
          did.add(what);
          return original.apply(this, args);
        };
        Object.defineProperty(owner, name, { value: told, configurable: true, writable: true });
      }
    };
    telling(window, ['__operaryRequest'], 'a request');
    telling(IDBFactory.prototype, ['open'], 'a store');
    telling(app.vault, ['getMarkdownFiles', 'getFiles', 'getAllLoadedFiles'], 'a list of notes');
    telling(app.vault, ['read', 'cachedRead', 'process'], 'a note');
    telling(app.metadataCache, ['getFileCache'], 'properties');
    const { WebSocket: Socket } = window;
    window.WebSocket = class extends Socket {
      constructor(url: string | URL, protocols?: string | string[]) {
        did.add('a socket');
        super(url, protocols);
      }
    };
    app.workspace.layoutReady = false;
    Object.assign(window, { did });
  });

/** Whatever `onload` has left for later has had its turn. */
const idle = (vault: VaultClient): Promise<void> =>
  vault.page.evaluate(() => new Promise((resolve) => requestIdleCallback(() => requestIdleCallback(() => resolve()))));

test('a device that knows its plant loads without the network, its stores and its notes; all of them come with the layout', async () => {
  const baseFiles = Object.fromEntries(
    Array.from({ length: 1000 }, (_, n) => [`Operary/Tasks/2026/10/T-9${n} Old.md`, '---\noperary_type: task\n---\n']),
  );
  const vault = await joined(works, () => open(works.device('ana', { baseFiles })));
  await vault.disablePlugin();
  await starting(vault);
  await vault.enablePlugin();
  await idle(vault);
  expect(await done(vault)).toEqual([]);
  expect(await vault.statusText()).toBe('Not connected');
  await vault.page.evaluate(() => window.harness.app().workspace.ready__());
  await status(vault, 'Stored');
  expect(await done(vault)).toEqual(['a list of notes', 'a note', 'a request', 'a socket', 'a store', 'properties']);
});
