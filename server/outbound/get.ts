/** Asks another system for a page. The same walls as for what is posted: no address that the operator has not allowed, no redirect, no endless answer. */
import { lookup as systemLookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { allowedAddresses, type Addresses } from './addresses.ts';
import { NotSent } from './post.ts';

const TIMEOUT_MS = 20_000;
const MOST_READ = 5_000_000;

export interface Got {
  readonly status: number;
  readonly etag: string | undefined;
  readonly body: string;
}

export type Get = (request: {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}) => Promise<Got>;

/** `allow`: host names, addresses and subnets beside the open Internet. */
export function createGet({ allow }: { readonly allow: readonly string[] }): Get {
  const addresses = allowedAddresses(allow);
  return async ({ url, headers = {}, signal }) => {
    const target = new URL(url);
    const host = target.hostname.replace(/^\[|\]$/g, '');
    // Node looks up names only: an address that is written out would pass by the check below.
    if (isIP(host) && !addresses.isNamed(host) && !addresses.isAllowed(host)) throw notAllowed(host);
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const options = {
      headers: { 'user-agent': 'Operary', accept: 'application/json', ...headers },
      lookup: checkedLookup(addresses),
      agent: false,
      signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
    } as const;
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const begin = target.protocol === 'https:' ? httpsRequest : httpRequest;
        begin(target, options, resolve).on('error', reject).end();
      });
      return {
        status: response.statusCode ?? 0,
        etag: response.headers.etag,
        body: await textOf(response),
      };
    } catch (error) {
      if (error instanceof NotSent) throw error;
      const { code, name } = error as NodeJS.ErrnoException;
      throw new NotSent(`${target.host}: no complete answer (${code ?? name}).`);
    }
  };
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MOST_READ) {
      response.destroy();
      throw new NotSent(`The page has more than ${MOST_READ} bytes. Ask for smaller ones.`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** What is checked is what is connected to. */
const checkedLookup =
  ({ isNamed, isAllowed }: Addresses): LookupFunction =>
  (host, options, done) => {
    systemLookup(host, { all: true }).then(
      (found) => {
        const usable = isNamed(host) ? found : found.filter(({ address }) => isAllowed(address));
        const [first] = usable;
        if (!first) done(notAllowed(host), '', 0);
        else if (options.all) done(null, usable);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, '', 0),
    );
  };

const notAllowed = (host: string): NotSent =>
  new NotSent(
    `${host} is no address that this server may ask. Ask whoever runs the server to add it to OPERARY_ALLOW_OUTBOUND.`,
  );
