/** A connection on which a test writes whatever it likes, and reads what comes back until the server has said all it will. */
import { connect } from 'node:net';
import { once } from 'node:events';

export interface Line {
  write(bytes: string | Uint8Array): void;
  /** Says that nothing more will come, and goes on listening. */
  end(): void;
  /** Everything the server said until it closed, or until `enough`. */
  answer(enough?: (text: string) => boolean): Promise<string>;
  /** Reads nothing until `resume`: the server's answer waits on its side. */
  pause(): void;
  resume(): void;
  hangUp(): void;
}

const DEADLINE_MS = 20_000;

export async function rawLine(url: string): Promise<Line> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  await once(socket, 'connect');
  let [text, closed] = ['', false];
  let look: () => void = () => undefined;
  socket.on('data', (part: Buffer) => {
    // One character a byte: answers are cut apart by their lengths.
    text += part.toString('latin1');
    look();
  });
  // The server may hang up while we still write.
  socket.on('error', () => undefined);
  for (const event of ['end', 'close'])
    socket.on(event, () => {
      closed = true;
      look();
    });
  return {
    write: (bytes) => void socket.write(bytes),
    end: () => void socket.end(),
    answer: (enough = () => false) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`Not answered within ${DEADLINE_MS} ms: ${text}`)), DEADLINE_MS);
        look = () => {
          if (!closed && !enough(text)) return;
          clearTimeout(late);
          socket.destroy();
          resolve(text);
        };
        look();
      }),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    hangUp: () => void socket.destroy(),
  };
}

export interface Parsed {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** The body's bytes, one character each. */
  readonly raw: string;
}

/** The answers that stand one after the other on a connection. Strict: each says how long it is. */
export function answersIn(text: string): readonly Parsed[] {
  const found: Parsed[] = [];
  for (let rest = text; rest;) {
    const end = rest.indexOf('\r\n\r\n');
    const [start = '', ...lines] = rest.slice(0, Math.max(end, 0)).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(start)?.[1]);
    if (!status) throw new Error(`Not an answer: ${JSON.stringify(rest.slice(0, 200))}`);
    const headers = new Headers(
      lines.map((line): [string, string] => [
        line.slice(0, line.indexOf(':')),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    );
    const length = headers.get('content-length');
    let body: string;
    let used: number;
    if (length !== null) [body, used] = [rest.slice(end + 4, end + 4 + Number(length)), end + 4 + Number(length)];
    else if (headers.get('transfer-encoding') === 'chunked') [body, used] = chunked(rest, end + 4);
    else [body, used] = ['', end + 4];
    found.push({ status, headers, body: Buffer.from(body, 'latin1').toString('utf8'), raw: body });
    rest = rest.slice(used);
  }
  return found;
}

function chunked(text: string, from: number): [body: string, end: number] {
  let body = '';
  for (let at = from; ;) {
    const line = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, line), 16);
    if (line < 0 || Number.isNaN(size)) throw new Error('A chunk without a size.');
    if (size === 0) return [body, line + 4];
    body += text.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}
