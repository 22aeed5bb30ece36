/** Deliveries as real senders made them (see the study on senders for how they were recorded). */
import { readFileSync } from 'node:fs';

export interface Recording {
  readonly sender: string;
  readonly description: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The exact text of the body. */
  readonly body: string;
}

export function recording(name: string): Recording {
  const file = new URL(`../fixtures/${name}.json`, import.meta.url);
  const { sender, description, request } = JSON.parse(readFileSync(file, 'utf8')) as {
    sender: string;
    description: string;
    request: { headers: Record<string, string>; bodyRaw: string };
  };
  return { sender, description, headers: request.headers, body: request.bodyRaw };
}
