/** Carries out one order on the data folder: by itself, or through the server that has it open. */
import { existsSync } from 'node:fs';
import { readConfig, type Config } from '../config.ts';
import { AskError } from '../host/founding.ts';
import { askServer } from '../host/loopback.ts';
import { ledgerFile } from '../host/disk-backing.ts';
import { FolderHeld } from '../host/lock.ts';
import type { Installation } from '../host/installation.ts';
import { ORDERS, type OrderName } from '../host/orders.ts';
import { openGround } from '../main.ts';

type Input<N extends OrderName> = Parameters<(typeof ORDERS)[N]>[1];
type Output<N extends OrderName> = Awaited<ReturnType<(typeof ORDERS)[N]>>;

export async function carryOut<N extends OrderName>(name: N, input: Input<N>): Promise<Output<N>> {
  const config = readConfig();
  const installation = openUnlessHeld(config);
  if (!installation) return (await askServer(config.data, name, input)) as Output<N>;
  try {
    const order = ORDERS[name] as (at: Installation, input: Input<N>) => Promise<Output<N>>;
    return await order(installation, input);
  } finally {
    await installation.close();
  }
}

function openUnlessHeld(config: Config): Installation | undefined {
  try {
    return openGround(config);
  } catch (error) {
    if (error instanceof FolderHeld) return undefined;
    throw error;
  }
}

/** For commands that only look: a mistyped folder must not become a new one. */
export function requireData(): string {
  const { data } = readConfig();
  if (!existsSync(ledgerFile(data)))
    throw new AskError(`There is no ledger in ${data}. Set OPERARY_DATA to the data folder of your server.`);
  return data;
}
