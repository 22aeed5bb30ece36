/** The command line: a table of commands. Errors are one sentence that names the cure; an unknown word gets the usage. */
import { ConfigError } from './config.ts';
import { exportCommand } from './cli/export.ts';
import { fsckCommand } from './cli/fsck.ts';
import { orgCreate } from './cli/org.ts';
import { pair } from './cli/pair.ts';
import { serve } from './cli/serve.ts';
import { tokenCreate } from './cli/token.ts';
import { UsageError, usageOf, type CliCommand } from './cli/usage.ts';
import { verify } from './cli/verify.ts';
import { AskError } from './host/founding.ts';
import { useNativeCrypto } from './native.ts';
import { FolderHeld } from './host/lock.ts';
import { Fault } from '../shared/kernel/refusal.ts';

const COMMANDS: readonly CliCommand[] = [serve, orgCreate, tokenCreate, pair, verify, exportCommand, fsckCommand];

useNativeCrypto();
process.exitCode = await run(process.argv.slice(2));

/** The exit code. */
async function run(words: readonly string[]): Promise<number> {
  if (!words.length || words.includes('--help') || words[0] === 'help') {
    process.stdout.write(usageOf(COMMANDS));
    return words.length ? 0 : 1;
  }
  const command = COMMANDS.find(({ name }) => name.split(' ').every((word, i) => words[i] === word));
  try {
    if (!command) throw new UsageError(`There is no command "${words.slice(0, 2).join(' ')}".`);
    return await command.run(words.slice(command.name.split(' ').length));
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${usageOf(command ? [command] : COMMANDS)}`);
      return 1;
    }
    const { message, stack } = error as Error;
    const isExpected = [AskError, ConfigError, FolderHeld, Fault].some((kind) => error instanceof kind);
    process.stderr.write(`${isExpected ? message : (stack ?? String(error))}\n`);
    return 1;
  }
}
