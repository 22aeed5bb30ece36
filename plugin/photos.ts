/**
 * Keeps the photos that notes show as files of the vault, beside the notes. What lies on this device is put there by itself, once; what the
 * server has, when somebody asks for it. Never another place, never over another file, and never again where somebody has deleted one.
 */
import { photoName } from '../shared/kernel/markdown.ts';
import type { Evidence } from './evidence/evidence.ts';
import { ROOT } from './notes/notebook.ts';
import type { Memory } from './notes/ports.ts';

export interface PhotoFiles {
  exists(path: string): boolean;
  create(path: string, bytes: Uint8Array): Promise<void>;
}

export interface Photos {
  /** Notes that show these are open now. */
  shown(names: readonly string[]): Promise<void>;
  /** Somebody wants to see these. Answers what became of it, as a sentence. */
  show(names: readonly string[]): Promise<string>;
}

interface Parts {
  readonly files: PhotoFiles;
  readonly memory: Memory;
  readonly evidence: () => Pick<Evidence, 'here' | 'get'>;
}

type Put = 'there' | 'put' | 'damaged' | 'absent' | 'other';

const SAID: Readonly<Record<Exclude<Put, 'there' | 'put'>, string>> = {
  damaged:
    'did not arrive as it was recorded, and was not kept. Try again; if it stays so, tell whoever runs the server.',
  absent: 'could not be fetched: the server cannot be reached, or does not have it yet. Try again later.',
  other: 'is no picture, so a note cannot show it. The evidence of its shift holds it.',
};

export function createPhotos({ files, memory, evidence }: Parts): Photos {
  const keyOf = (name: string): string => `photo:${photoName(name)}`;
  /** One after the other, so that no file is made twice. */
  let line: Promise<unknown> = Promise.resolve();

  async function put(name: string, bytes: Uint8Array | 'damaged' | undefined): Promise<Put> {
    if (bytes === 'damaged') return bytes;
    if (!bytes) return 'absent';
    if (!isPicture(bytes)) return 'other';
    if (files.exists(pathOf(name))) return 'there';
    memory.set(keyOf(name), '1');
    await files.create(pathOf(name), bytes);
    return 'put';
  }

  const inLine = <T>(work: () => Promise<T>): Promise<T> => {
    const done = line.then(work);
    line = done.catch(() => undefined);
    return done;
  };

  const isMissing = (name: string): boolean => !files.exists(pathOf(name));

  return {
    shown: (names) =>
      inLine(async () => {
        for (const name of names)
          if (isMissing(name) && memory.get(keyOf(name)) === undefined) await put(name, await evidence().here(name));
      }),
    show: (names) =>
      inLine(async () => {
        const missing = names.filter(isMissing);
        const outcomes: Put[] = [];
        for (const name of missing) outcomes.push(await put(name, await evidence().get(name)));
        const count = names.length - missing.length + outcomes.filter((one) => one === 'put' || one === 'there').length;
        const failed = Object.entries(SAID).flatMap(([kind, why]) => {
          const lost = missing.filter((_name, i) => outcomes[i] === kind);
          return lost.length ? [`${lost.map(photoName).join(', ')} ${why}`] : [];
        });
        return [`${count} of ${names.length} photos are shown.`, ...failed].join('\n');
      }),
  };
}

const pathOf = (name: string): string => `${ROOT}/Photos/${photoName(name)}`;

/** JPEG, PNG, GIF, WebP and HEIC, by how they begin. */
function isPicture(bytes: Uint8Array): boolean {
  const head = String.fromCharCode(...bytes.subarray(0, 12));
  return /^(?:\xff\xd8\xff|\x89PNG|GIF8|RIFF....WEBP|....ftyp(?:heic|heix|mif1|avif))/s.test(head);
}
