/** Proves what of a device survives what: files, storage, secrets and databases, under crashes and purges, in one profile and in two. */
import { expect } from 'vitest';
import type { VaultClient } from './client.ts';
import { sampleRelease, seen } from './sample-plugin.ts';
import { browserSuite } from './suite.ts';

const { test, open } = browserSuite(async () => ({ pluginDir: await sampleRelease() }));

/** A database of the page's own, as a plugin would have one. */
const putInDatabase = (vault: VaultClient, value: string): Promise<void> =>
  vault.page.evaluate(async (text) => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('sample', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('values');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('no database'));
    });
    db.onclose = () => document.body.setAttribute('data-database', 'lost');
    await new Promise((resolve, reject) => {
      const transaction = db.transaction('values', 'readwrite', { durability: 'strict' });
      transaction.objectStore('values').put(text, 'it');
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error ?? new Error('not written'));
    });
  }, value);
const databases = (vault: VaultClient): Promise<(string | undefined)[]> =>
  vault.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));

test('killed, the app runs no handler; files, data.json, storage, secrets and databases are there when it is opened again', async () => {
  const vault = await open({ baseFiles: { 'A.md': 'a' }, data: { server: 'http://old' } });
  await putInDatabase(vault, 'kept');
  await vault.page.evaluate(async () => {
    const app = window.harness.app();
    app.saveLocalStorage('device', { id: 7 });
    app.secretStorage.setSecret('key', 's3cret');
    await app.vault.adapter.append('.obsidian/plugins/sample/data.json', '\n');
    for (const event of ['pagehide', 'beforeunload', 'unload', 'visibilitychange'])
      window.addEventListener(event, () => localStorage.setItem('said-goodbye', event));
    document.addEventListener('visibilitychange', () => localStorage.setItem('said-goodbye', 'hidden'));
  });
  await vault.killPage();
  expect(vault.isOpen).toBe(false);
  expect(await vault.read('A.md')).toBe('a');
  expect(await vault.read('.obsidian/plugins/sample/data.json')).toBe(
    `${JSON.stringify({ server: 'http://old' }, null, 2)}\n`,
  );
  await vault.reopen();
  expect(await vault.files()).toEqual(['A.md']);
  const kept = await vault.page.evaluate(() => {
    const app = window.harness.app();
    return [app.loadLocalStorage('device'), app.secretStorage.getSecret('key'), localStorage.getItem('said-goodbye')];
  });
  expect(kept).toEqual([{ id: 7 }, 's3cret', null]);
  expect(await databases(vault)).toEqual(['sample']);
  await vault.settings.open();
  expect(await vault.settings.value('Server')).toBe('http://old');
});

test('every write that has answered is there after a kill in the middle of writing', async () => {
  const vault = await open();
  for (let round = 0; round < 3; round++) {
    let answered = -1;
    vault.page.on('console', (message) => {
      const [, count] = /^answered (\d+)$/.exec(message.text()) ?? [];
      if (count !== undefined) answered = Number(count);
    });
    await vault.page.evaluate((folder) => {
      void (async () => {
        const { adapter } = window.harness.app().vault;
        await adapter.mkdir(folder);
        for (let n = 0; ; n++) {
          await adapter.append(`${folder}/lines.txt`, `${n}\n`);
          console.log(`answered ${n}`);
        }
      })();
    }, `.obsidian/round ${round}`);
    await vault.until(() => answered > 20, { what: 'some lines' });
    await vault.killPage();
    const lines = (await vault.read(`.obsidian/round ${round}/lines.txt`)).trimEnd().split('\n').map(Number);
    expect(lines).toEqual(lines.map((_, at) => at));
    expect(lines.length).toBeGreaterThan(answered);
    await vault.reopen();
  }
});

test("files in the plugin's own folder: made, appended to, listed and removed, hidden from the vault", async () => {
  const vault = await open();
  const found = await vault.page.evaluate(async () => {
    const { adapter } = window.harness.app().vault;
    const dir = window.harness.plugin()?.manifest.dir ?? '';
    const before = [await adapter.exists(`${dir}/outbox`), await adapter.exists(`${dir}/data.json`)];
    await adapter.mkdir(`${dir}/outbox/old`);
    await adapter.append(`${dir}/outbox/a.ndjson`, 'one\n');
    await adapter.append(`${dir}/outbox/a.ndjson`, 'zwölf\n');
    await adapter.write(`${dir}/outbox/b.ndjson`, 'b');
    await adapter.remove(`${dir}/outbox/b.ndjson`);
    const { size, type } = (await adapter.stat(`${dir}/outbox/a.ndjson`))!;
    const missing = await adapter.read(`${dir}/outbox/b.ndjson`).catch((error: Error) => error.message);
    const text = await adapter.read(`${dir}/outbox/a.ndjson`);
    return { dir, before, size, type, missing, text, listed: await adapter.list(`${dir}/outbox`) };
  });
  const dir = '.obsidian/plugins/sample';
  expect(found).toEqual({
    dir,
    before: [false, false],
    size: 11,
    type: 'file',
    missing: `ENOENT: no such file or directory, open '${dir}/outbox/b.ndjson'`,
    text: 'one\nzwölf\n',
    listed: { files: [`${dir}/outbox/a.ndjson`], folders: [`${dir}/outbox/old`] },
  });
  expect(await vault.files()).toEqual([]);
  expect((await seen(vault)).filter((line) => line.includes('outbox'))).toEqual([]);
});

test('databases are taken away under the running app, and while it is closed; nothing else is', async () => {
  const vault = await open({ baseFiles: { 'A.md': 'a' } });
  await putInDatabase(vault, 'one');
  await vault.page.evaluate(() => window.harness.app().saveLocalStorage('device', 1));
  await vault.wipeIndexedDb();
  expect(await databases(vault)).toEqual([]);
  await vault.until(() => vault.page.locator('body').getAttribute('data-database'), { what: 'the loss', is: 'lost' });
  await putInDatabase(vault, 'two');
  await vault.killPage();
  await vault.wipeIndexedDb();
  await vault.reopen();
  expect(await databases(vault)).toEqual([]);
  expect(await vault.read('A.md')).toBe('a');
  expect(await vault.page.evaluate(() => window.harness.app().loadLocalStorage('device'))).toBe(1);
});

test('while the app is closed, other programs change its files; it sees them as it starts', async () => {
  const vault = await open({ baseFiles: { 'A.md': 'a', 'Folder/B.md': 'b' } });
  await vault.killPage();
  await vault.disk.write('A.md', 'from outside\r\n');
  await vault.disk.write('New/C.md', 'c');
  await vault.disk.rename('Folder', 'Moved');
  await vault.disk.delete('New/C.md');
  await vault.reopen();
  expect(await vault.files()).toEqual(['A.md', 'Moved/B.md']);
  expect(await vault.read('A.md')).toBe('from outside\r\n');
});

test('two windows of one profile share files, storage, databases and locks; a killed one lets its lock go', async () => {
  const one = await open({ baseFiles: { 'A.md': 'a' } });
  const two = await open({ context: one.context });
  await one.page.evaluate(() => window.harness.app().vault.create('B.md', 'b'));
  await two.until(async () => (await seen(two)).includes('create B.md'), { what: 'the file of the other window' });
  await two.page.evaluate(() => window.harness.app().vault.adapter.write('A.md', 'of two'));
  await one.until(() => one.read('A.md'), { what: 'what the other has written', is: 'of two' });
  await one.page.evaluate(
    () =>
      new Promise<void>((held) => {
        void navigator.locks.request('writer', () => (held(), new Promise(() => undefined)));
      }),
  );
  await two.page.evaluate(() => {
    document.body.setAttribute('data-lock', 'waits');
    void navigator.locks.request('writer', () => {
      document.body.setAttribute('data-lock', 'held');
      return new Promise(() => undefined);
    });
  });
  expect(
    await two.page.evaluate(() => navigator.locks.request('writer', { ifAvailable: true }, (lock) => lock === null)),
  ).toBe(true);
  expect(await two.page.locator('body').getAttribute('data-lock')).toBe('waits');
  await one.killPage();
  await two.until(() => two.page.locator('body').getAttribute('data-lock'), { what: 'the lock', is: 'held' });
});

test('two profiles share nothing, not even locks', async () => {
  const [one, two] = [await open(), await open()];
  await putInDatabase(one, 'mine');
  await one.page.evaluate(() => {
    window.harness.app().saveLocalStorage('device', 1);
    return new Promise<void>((held) => {
      void navigator.locks.request('writer', () => (held(), new Promise(() => undefined)));
    });
  });
  expect(
    await two.page.evaluate(() => navigator.locks.request('writer', { ifAvailable: true }, (lock) => lock !== null)),
  ).toBe(true);
  expect(await databases(two)).toEqual([]);
  expect(await two.page.evaluate(() => window.harness.app().loadLocalStorage('device'))).toBeNull();
});
