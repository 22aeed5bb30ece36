/** Serves the page on 127.0.0.1, a secure context with IndexedDB. One site per process, so vaults keep their origin. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pageFiles } from './bundle.ts';

const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Obsidian stand-in</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"></head><body><script src="/page.js"></script></body></html>`;

let serving: Promise<string> | undefined;

export function siteOrigin(): Promise<string> {
  serving ??= serve();
  return serving;
}

async function serve(): Promise<string> {
  const { script, styles } = await pageFiles();
  const answers: Record<string, [type: string, body: string]> = {
    '/page.js': ['text/javascript', script],
    '/page.css': ['text/css', styles],
    '/': ['text/html', html],
  };
  const server = createServer((request, response) => {
    const answer = answers[new URL(request.url ?? '/', 'http://x').pathname];
    response.writeHead(answer ? 200 : 404, { 'content-type': `${answer?.[0] ?? 'text/plain'}; charset=utf-8` });
    response.end(answer?.[1] ?? '');
  });
  // The test process must be able to end.
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
