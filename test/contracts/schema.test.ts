import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { features } from '../../shared/features/index.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { openSqliteStore } from '../../server/ledger/sqlite-store.ts';
import { ledgerFile, temporaryFolder } from '../kit/ledger.ts';

test('[L3] the file that the register asks for has this schema', async () => {
  const { folder, remove } = temporaryFolder();
  const file = ledgerFile(folder);
  openSqliteStore({ file, register: createRegister(features) }).close();
  const db = new SqliteDatabase(file, { readonly: true });
  const statements = db
    .prepare<[], string>('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid')
    .pluck()
    .all();
  db.close();
  remove();
  await expect(`${statements.join(';\n')};\n`).toMatchFileSnapshot('../golden/schema.sql');
});
