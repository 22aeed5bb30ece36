/** What a command of the CLI is, and how its words are read. */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

export interface CliCommand {
  readonly name: string;
  readonly synopsis: string;
  readonly does: string;
  /** Gets the words after the name, gives the exit code. */
  readonly run: (words: readonly string[]) => Promise<number>;
}

export class UsageError extends Error {
  override name = 'UsageError';
}

type Values<O extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>;

export function wordsOf<O extends ParseArgsOptionsConfig>(
  words: readonly string[],
  options: O,
  positionals: number,
): Values<O> {
  let parsed: Values<O>;
  try {
    parsed = parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0]!.replace(/\.?$/, '.'));
  }
  if (parsed.positionals.length === positionals) return parsed;
  throw new UsageError(
    parsed.positionals.length < positionals
      ? 'Something is missing.'
      : `"${parsed.positionals[positionals]}" is one word too many.`,
  );
}

export function usageOf(commands: readonly CliCommand[]): string {
  const lines = commands.map(({ name, synopsis, does }) => `  ${`${name} ${synopsis}`.trim()}\n      ${does}\n`);
  return `Usage: npm run --silent operary -- COMMAND\n\n${lines.join('')}\nThe data folder is OPERARY_DATA (./data).\n`;
}

export const say = (text: string): void => void process.stdout.write(`${text}\n`);
