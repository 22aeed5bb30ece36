/** What devices signed lies beside the entries; whoever changes it there is found. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fsck } from '../../server/fsck/fsck.ts';
import { ledgerFile } from '../../server/host/disk-backing.ts';
import { features } from '../../shared/features/index.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { aServer } from '../kit/a-server.ts';
import { fromPhone, PHONE, phoneKey } from './scenarios/devices.ts';

const data = mkdtempSync(join(tmpdir(), 'operary-fsck-'));
const findings = () => fsck({ dataDir: data, file: ledgerFile(data), register: createRegister(features) }).findings;
let head = 0;

beforeAll(async () => {
  const server = await aServer({ on: 'disk', data });
  const plant = await server.plant();
  const { token } = await server.token(plant, 'maintenance_engineer');
  const send = (body: object) => server.ask('POST /v1/sync/commands', { token, body });
  await send(fromPhone(1, 'devices.pair', PHONE, { name: 'Phone', publicKey: phoneKey }));
  const task = derivedId('fsck', 'task');
  const { body } = await send(fromPhone(2, 'tasks.create', task, { title: 'Leak', area: 'leeds' }));
  head = body.head as number;
  await server.settled();
  await server.close();
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

/** Changed, looked at, and put back. */
function changed(sql: string): readonly string[] {
  const db = new SqliteDatabase(ledgerFile(data));
  db.exec(`CREATE TABLE kept AS SELECT * FROM signed; ${sql}`);
  db.close();
  const found = findings();
  const again = new SqliteDatabase(ledgerFile(data));
  again.exec('DELETE FROM signed; INSERT INTO signed SELECT * FROM kept; DROP TABLE kept');
  again.close();
  return found;
}

test('[L10] what devices signed is in order', () => expect(findings()).toEqual([]));

test('[L10] another text than the entry names is named', () => {
  expect(changed(`UPDATE signed SET text = replace(text, 'Leak', 'Fire') WHERE seq = ${head}`)).toEqual([
    expect.stringContaining(`The signed command of entry ${head} is not the one it names.`),
  ]);
});

test('[L10] another signature is named', () => {
  expect(changed(`UPDATE signed SET signature = 'AAAA' WHERE seq = ${head}`)).toEqual([
    expect.stringContaining(`The command of entry ${head} is not signed by its device.`),
  ]);
});

test('[L2] a signed command of an entry that is not there is named', () => {
  expect(changed(`UPDATE signed SET seq = 999 WHERE seq = ${head}`)).toEqual([
    expect.stringContaining('There is a signed command for entry 999, which is missing.'),
  ]);
});
