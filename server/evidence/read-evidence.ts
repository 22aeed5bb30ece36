/** Evidence from disk: a bundle as a folder or a zip, or a sealed note. Reads, never judges. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { unzipSync } from 'fflate';

export type Evidence =
  { readonly files: ReadonlyMap<string, Uint8Array> } | { readonly note: string } | { readonly unreadable: string };

const MOST_BYTES = 1024 ** 3;
const LANDMARK = 'bagit.txt';

export function readEvidence(path: string): Evidence {
  try {
    if (statSync(path).isDirectory()) return { files: unwrapped(folder(path)) };
    const content = readFileSync(path);
    if (content[0] === 0x50 && content[1] === 0x4b) return { files: unwrapped(zip(content)) };
    return { note: new TextDecoder('utf-8', { fatal: true }).decode(content) };
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    if (code === 'ENOENT') return { unreadable: `There is nothing at ${path}. Check the path.` };
    return { unreadable: `${basename(path)} is neither a bundle (folder or zip) nor a note: ${message}` };
  }
}

function folder(root: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    // A link could show other bytes to another reader.
    if (!entry.isFile()) throw new Error(`${entry.name} is not a plain file`);
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(join(root, '/').length).replaceAll('\\', '/'), readFileSync(path));
  }
  return files;
}

function zip(content: Uint8Array): Map<string, Uint8Array> {
  let total = 0;
  const entries = unzipSync(content, {
    filter: ({ name, originalSize }) => {
      total += originalSize;
      if (total > MOST_BYTES) throw new Error('it unpacks to more than 1 GiB');
      return !name.endsWith('/');
    },
  });
  return new Map(Object.entries(entries));
}

/** A bundle usually lies in one folder of its own. */
function unwrapped(files: Map<string, Uint8Array>): Map<string, Uint8Array> {
  const [first = ''] = files.keys();
  const prefix = `${first.split('/')[0]}/`;
  const isWrapped = !files.has(LANDMARK) && [...files.keys()].every((path) => path.startsWith(prefix));
  return isWrapped ? new Map([...files].map(([path, bytes]) => [path.slice(prefix.length), bytes])) : files;
}
