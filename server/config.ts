/** The only reader of the environment. Every value may also come from a file named by the same variable with `_FILE`. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import { unreadable } from './outbound/addresses.ts';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const Environment = z.object({
  OPERARY_ALLOW_OUTBOUND: z
    .string()
    .transform((list) => list.split(/[\s,]+/).filter(Boolean))
    .refine((list) => unreadable(list) === undefined, {
      message: 'must be host names, addresses or subnets with commas between, such as ntfy.plant.example,10.1.0.0/16',
    })
    .default([]),
  OPERARY_SMTP_URL: z
    .string()
    .refine((url) => /^smtps?:$/.test(URL.parse(url)?.protocol ?? ''), {
      message: 'must be an address such as smtps://user:password@mail.example.com',
    })
    .optional(),
  OPERARY_MAIL_FROM: z.string().min(3).optional(),
  OPERARY_PUSH_URL: z
    .string()
    .refine((url) => /^https?:$/.test(URL.parse(url)?.protocol ?? ''), {
      message: 'must be the address of the push server, such as https://ntfy.plant.example',
    })
    .optional(),
  OPERARY_PUSH_TOKEN: z.string().min(1).optional(),
  OPERARY_HOST: z.string().min(1).default('127.0.0.1'),
  OPERARY_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number from 0 to 65535, such as 8787')
    .transform(Number)
    .refine((port) => port <= 65535, 'must be a port number from 0 to 65535, such as 8787')
    .default(8787),
  OPERARY_DATA: z.string().min(1).default('./data'),
  OPERARY_LOG_LEVEL: z.enum(LEVELS, { error: `must be one of ${LEVELS.join(', ')}` }).default('info'),
  OPERARY_URL: z
    .string()
    .regex(/^https?:\/\/[^\s/?#]+(?:\/[^\s?#]*)?$/, 'must be an address such as https://operary.plant.example')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  OPERARY_ORIGIN: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'must be a host name such as log.example.com')
    .default('operary.internal'),
});

export interface Config {
  readonly host: string;
  readonly port: number;
  /** Absolute path. */
  readonly data: string;
  readonly logLevel: (typeof LEVELS)[number];
  /** First part of every log's name; part of every proof, so never changed later. */
  readonly origin: string;
  /** The address under which devices reach this server, where that is another than host and port. */
  readonly url: string | undefined;
  /** Host names, addresses and subnets that may be asked beside the open Internet. */
  readonly allowOutbound: readonly string[];
  /** Holds a password: never logged. */
  readonly mail: { readonly url: string; readonly from: string } | undefined;
  /** A token for push notices, shown to this one server only. */
  readonly push: { readonly url: string; readonly token: string } | undefined;
}

/** A mistake of whoever starts the program: one sentence, no stack. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(Object.keys(Environment.shape).map((name) => [name, valueOf(env, name)]));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new ConfigError(`${String(issue.path[0])} ${issue.message}. Correct it and start again.`);
  }
  const { OPERARY_HOST, OPERARY_PORT, OPERARY_DATA, OPERARY_LOG_LEVEL, OPERARY_ORIGIN, OPERARY_URL } = parsed.data;
  return {
    host: OPERARY_HOST,
    port: OPERARY_PORT,
    data: resolve(OPERARY_DATA),
    logLevel: OPERARY_LOG_LEVEL,
    origin: OPERARY_ORIGIN,
    url: OPERARY_URL,
    allowOutbound: parsed.data.OPERARY_ALLOW_OUTBOUND,
    ...together(parsed.data),
  };
}

/** What is of use only with its other half. */
function together({
  OPERARY_SMTP_URL: smtp,
  OPERARY_MAIL_FROM: from,
  OPERARY_PUSH_URL: url,
  OPERARY_PUSH_TOKEN: token,
}: z.output<typeof Environment>): Pick<Config, 'mail' | 'push'> {
  if ((smtp === undefined) !== (from === undefined))
    throw new ConfigError('OPERARY_SMTP_URL and OPERARY_MAIL_FROM belong together. Set both, or neither.');
  if ((url === undefined) !== (token === undefined))
    throw new ConfigError('OPERARY_PUSH_URL and OPERARY_PUSH_TOKEN belong together. Set both, or neither.');
  return {
    mail: smtp !== undefined && from !== undefined ? { url: smtp, from } : undefined,
    push: url !== undefined && token !== undefined ? { url, token } : undefined,
  };
}

function valueOf(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const file = env[`${name}_FILE`];
  const plain = env[name] || undefined;
  if (!file) return plain;
  if (plain !== undefined) throw new ConfigError(`${name} and ${name}_FILE are both set. Keep one of them.`);
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (cause) {
    throw new ConfigError(`${name}_FILE names ${file}, which cannot be read. Correct the path or its permissions.`, {
      cause,
    });
  }
}
