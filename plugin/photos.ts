/**
 * Keeps the photos that notes show as files of the vault, beside the notes. What lies on this device is put there by itself, once; what the
 * server has, where the settings want it so, else when somebody asks for it. Never another place, never over another file, and never again
 * where somebody has deleted one.
 */
import { photoName } from '../shared/kernel/markdown.ts';
import type { Evidence } from './evidence/evidence.ts';
import { ROOT } from './notes/notebook.ts';
import type { Memory } from './notes/ports.ts';
import { photosWords } from './words/index.ts';

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
  /** Whether those of the server are wanted unasked, and it can be asked. */
  readonly fetches: () => boolean;
  readonly now: () => number;
}

type Put = 'there' | 'put' | 'damaged' | 'absent' | 'other';

const SAID: Readonly<Record<Exclude<Put, 'there' | 'put'>, string>> = {
  damaged: photosWords.spoiled,
  absent: photosWords.unreachable,
  other: photosWords.noPicture,
};

/** What could not be had is asked for again by itself after this time. */
const RETRY = 60_000;

/** The settings travel with the vault; `computers`: these by themselves, phones and tablets when somebody asks. */
export type PhotosWhen = 'computers' | 'always' | 'asked';

export const fetchesPhotos = (when: PhotosWhen, isMobile: boolean): boolean =>
  when === 'always' || (when === 'computers' && !isMobile);

export function createPhotos({ files, memory, evidence, fetches, now }: Parts): Photos {
  const triedAt = new Map<string, number>();
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

  async function unasked(name: string): Promise<void> {
    const bytes = await evidence().here(name);
    if (bytes) return void (await put(name, bytes));
    if (!fetches() || now() - (triedAt.get(name) ?? -Infinity) < RETRY) return;
    triedAt.set(name, now());
    await put(name, await evidence().get(name));
  }

  const isMissing = (name: string): boolean => !files.exists(pathOf(name));

  return {
    shown: (names) =>
      inLine(async () => {
        for (const name of names) if (isMissing(name) && memory.get(keyOf(name)) === undefined) await unasked(name);
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
        return [photosWords.shown(count, names.length), ...failed].join('\n');
      }),
  };
}

const pathOf = (name: string): string => `${ROOT}/Photos/${photoName(name)}`;

/** JPEG, PNG, GIF, WebP and HEIC, by how they begin. */
function isPicture(bytes: Uint8Array): boolean {
  const head = String.fromCharCode(...bytes.subarray(0, 12));
  return /^(?:\xff\xd8\xff|\x89PNG|GIF8|RIFF....WEBP|....ftyp(?:heic|heix|mif1|avif))/s.test(head);
}
