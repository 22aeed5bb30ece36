/**
 * The one HTTP client for everything that leaves. It asks the address that it really connects to whether it may (addresses.ts), so that a
 * name which leads elsewhere a moment later changes nothing; it follows no redirect, sends little, reads little, and does not wait long.
 */
import { lookup as systemLookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { allowedAddresses, type Addresses } from './addresses.ts';

const TIMEOUT_MS = 20_000;
export const MOST_SENT = 20_000;
const MOST_READ = 64 * 1024;

export interface Outgoing {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** The server leaves. */
  readonly signal?: AbortSignal;
}

export interface Answered {
  readonly status: number;
  /** At most 64 KB of it. */
  readonly body: string;
  readonly retryAfter: string | undefined;
}

export type Post = (request: Outgoing) => Promise<Answered>;

/** No answer: the sentence says why, and names no more of the address than its host. */
export class NotSent extends Error {
  override name = 'NotSent';
}

export interface Address {
  readonly address: string;
  readonly family: number;
}

export interface PostOptions {
  /** Beside the open Internet: host names, addresses, subnets. */
  readonly allow: readonly string[];
  readonly resolve?: (host: string) => Promise<readonly Address[]>;
  readonly timeoutMs?: number;
}

export function createPost({ allow, resolve = everyAddress, timeoutMs = TIMEOUT_MS }: PostOptions): Post {
  const addresses = allowedAddresses(allow);
  return async ({ url, headers = {}, body, signal }) => {
    const target = targetOf(url, addresses);
    const bytes = Buffer.from(body);
    if (bytes.length > MOST_SENT) throw new NotSent(`The message has ${bytes.length} bytes; ${MOST_SENT} are sent.`);
    const late = AbortSignal.timeout(timeoutMs);
    const options: RequestOptions = {
      method: 'POST',
      headers: { 'user-agent': 'Operary', ...headers, 'content-length': bytes.length },
      lookup: checkedLookup(addresses, resolve),
      agent: false,
      signal: AbortSignal.any([late, ...(signal ? [signal] : [])]),
    };
    try {
      return await exchanged(target, options, bytes);
    } catch (error) {
      if (error instanceof NotSent) throw error;
      if (late.aborted) throw new NotSent(`${target.host}: no complete answer within ${timeoutMs / 1000} s.`);
      throw new NotSent(whyNot(error as NodeJS.ErrnoException, target));
    }
  };
}

/** The parts of an address that decide whether it may be asked at all. Throws NotSent. */
function targetOf(url: string, addresses: Addresses): URL {
  const target = URL.parse(url);
  if (!target || !['http:', 'https:'].includes(target.protocol)) throw new NotSent('This is no http or https address.');
  if (target.username || target.password)
    throw new NotSent('The address holds a user name or password. Take them out: addresses are shown and logged.');
  const host = hostOf(target);
  // Node looks up names only: an address that is written out would pass by the check below.
  if (isIP(host) && !addresses.isNamed(host) && !addresses.isAllowed(host)) throw new NotSent(notAllowed(host));
  return target;
}

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

const everyAddress = (host: string): Promise<readonly Address[]> => systemLookup(host, { all: true });

/** Resolves, leaves out what is not allowed, and hands the rest to the socket: what is checked is what is connected to. */
const checkedLookup =
  ({ isNamed, isAllowed }: Addresses, resolve: NonNullable<PostOptions['resolve']>): LookupFunction =>
  (host, options, done) => {
    const answer = (found: readonly Address[]): void => {
      const usable = isNamed(host) ? found : found.filter(({ address }) => isAllowed(address));
      const [first] = usable;
      if (!first) done(new NotSent(notAllowed(host)), '', 0);
      else if (options.all) done(null, [...usable]);
      else done(null, first.address, first.family);
    };
    resolve(host).then(answer, (error: NodeJS.ErrnoException) => done(error, '', 0));
  };

const notAllowed = (host: string): string =>
  `${host} is not on the open Internet, and no address that this server may send to. ` +
  'Ask whoever runs the server to add it to OPERARY_ALLOW_OUTBOUND.';

async function exchanged(target: URL, options: RequestOptions, body: Buffer): Promise<Answered> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const begin = target.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = begin(target, options, resolve);
    request.on('error', reject);
    request.end(body);
  });
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part.subarray(0, MOST_READ - length));
    length += part.length;
    if (length >= MOST_READ) break;
  }
  response.destroy();
  return {
    status: response.statusCode ?? 0,
    body: Buffer.concat(parts).toString('utf8'),
    retryAfter: response.headers['retry-after'],
  };
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'there is no such name',
  EAI_AGAIN: 'the name cannot be looked up at the moment',
  EHOSTUNREACH: 'it cannot be reached from here',
  ENETUNREACH: 'it cannot be reached from here',
  ETIMEDOUT: 'it did not answer in time',
  HPE_INVALID_CONSTANT: 'what answers does not speak HTTP',
};

const whyNot = ({ code, name }: NodeJS.ErrnoException, { host }: URL): string =>
  `${host}: ${REASONS[code ?? ''] ?? `no answer (${code ?? name})`}.`;
