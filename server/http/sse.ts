/** Server-sent events. Pulled by the reader, so that a slow one costs no memory. */
import { isRefusal, type Refusal } from '../../shared/kernel/refusal.ts';
import { credentialOf } from './caller.ts';
import type { Asked } from './route.ts';
import { sessionOf } from './session.ts';

const PAGE = 100;

export function eventStream({ c, site, caller }: Asked, after: number): Response | Refusal {
  const credential = credentialOf(c.req.header('authorization'));
  if (isRefusal(credential)) return credential;
  const session = sessionOf(site, credential, caller);
  const gone = new AbortController();
  const ends = AbortSignal.any([site.leaving, gone.signal]);
  const encoder = new TextEncoder();
  let at = after;

  /** The next thing to say; undefined ends the stream. */
  async function next(): Promise<string | undefined> {
    for (;;) {
      const who = await session();
      if (ends.aborted || isRefusal(who)) return undefined;
      const page = await site.feed.page(who, at, PAGE);
      if (page.next > at) {
        at = page.next;
        const said = page.items.map((event) => `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`).join('');
        // An id without data moves Last-Event-ID over what this role may not see.
        return page.items.at(-1)?.seq === at ? said : `${said}id: ${at}\n\n`;
      }
      const beat = AbortSignal.timeout(site.heartbeatMs);
      await site.feed.news(who.org, at, AbortSignal.any([ends, beat]));
      if (beat.aborted) return ': heartbeat\n\n';
    }
  }

  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(encoder.encode('retry: 2000\n: connected\n\n')),
      async pull(controller) {
        const text = await next();
        if (text === undefined) controller.close();
        else controller.enqueue(encoder.encode(text));
      },
      cancel: () => gone.abort(),
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' } });
}
