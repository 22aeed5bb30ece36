/** The photos of the notes that are open, and of the note that somebody wants to see whole. */
import { debounce, Notice, type App, type TFile } from 'obsidian';
import { deviceClock } from '../device/clock.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Host } from '../host.ts';
import type { Memory } from '../notes/ports.ts';
import { createPhotos, type PhotoFiles } from '../photos.ts';
import { heldIn } from './commands.ts';

const NOTICE_MS = 8000;
const A_MOMENT = 500;

interface Parts {
  readonly app: App;
  readonly files: PhotoFiles;
  readonly memory: Memory;
  readonly host: () => Host | undefined;
  readonly evidence: () => Evidence;
  /** Whether photos of the server are wanted in open notes unasked. */
  readonly isWanted: () => boolean;
}

export interface ShownPhotos {
  readonly photosOf: (file: TFile) => readonly string[];
  /** From the server too, because somebody asks. */
  readonly showPhotos: (names: readonly string[]) => void;
  /** These notes are open: what lies on this device stands in them, and what the server has where the settings want it. */
  readonly keepPhotos: (paths: readonly string[]) => void;
}

export function createShownPhotos({ app, files, memory, host, evidence, isWanted }: Parts): ShownPhotos {
  const fetches = (): boolean => isWanted() && host()?.connection.state.kind === 'live';
  const photos = createPhotos({ files, memory, evidence, fetches, now: () => deviceClock.now() });
  const photosOf = (file: TFile): readonly string[] => {
    const current = host();
    const held = current && heldIn(current, file);
    return (held && current.register.byKind.get(held.kind)?.note?.photos?.(held.state)) ?? [];
  };
  return {
    photosOf,
    showPhotos: (names) => void photos.show(names).then((said) => new Notice(said, NOTICE_MS)),
    keepPhotos: debounce((paths: readonly string[]) => {
      const names = paths.flatMap((path) => app.vault.getFileByPath(path) ?? []).flatMap(photosOf);
      // What this device cannot put there now is there for whoever asks for it.
      if (names.length) void photos.shown(names).catch(() => undefined);
    }, A_MOMENT),
  };
}
