/** Trails, timelines and dashboards of the host of the moment: what main has of them. */
import { Notice, type App } from 'obsidian';
import type { Mine } from '../../shared/kernel/dashboard.ts';
import type { Subject } from '../../shared/kernel/event.ts';
import type { Register } from '../../shared/kernel/register.ts';
import type { Timeline } from '../../shared/kernel/timeline.ts';
import type { Attention } from '../attention.ts';
import { forgetDeleted, keepDashboards } from '../dashboards.ts';
import type { Host } from '../host.ts';
import type { Clock, Link } from '../link.ts';
import type { Memory, NoteFiles } from '../notes/ports.ts';
import type { Held } from '../replica.ts';
import { createTimelines } from '../timelines.ts';
import { keepTrail, showTrail } from './show-trail.ts';
import { notesWords } from '../words/index.ts';

export interface PictureParts {
  readonly app: App;
  readonly host: () => Host | undefined;
  readonly link: Link;
  readonly clock: Clock;
  readonly memory: Memory;
  readonly files: NoteFiles;
  readonly register: Register;
  readonly changed: () => void;
  readonly attention: Pick<Attention, 'tell'>;
}

export interface Pictures {
  readonly showTrail: (item: Subject) => void;
  readonly saveTrail: (item: Subject) => void;
  readonly timelineOf: (held: Held) => Timeline | undefined;
  /** Sees to it that the dashboards of whoever uses this device are there. */
  readonly keep: () => void;
  /** Notes and dashboards that were deleted are made again. */
  readonly restore: () => void;
  readonly stop: () => void;
}

export function createPictures(parts: PictureParts): Pictures {
  const { link, clock, memory } = parts;
  const timelines = createTimelines(link, clock, memory, parts.changed);
  const withTrail =
    (act: typeof showTrail) =>
    (item: Subject): void => {
      const host = parts.host();
      if (host) void act({ ...parts, host }, item);
    };
  let kept = '';
  let writing = Promise.resolve();

  function mine(): Mine | undefined {
    const host = parts.host();
    const me = host?.me;
    if (!me || !host.replica.get({ kind: me.kind, id: me.id })) return undefined;
    return { name: host.scribe.around().userName(me.id), role: me.role };
  }

  const pictures: Pictures = {
    showTrail: withTrail(showTrail),
    saveTrail: withTrail(keepTrail),
    timelineOf({ kind, id, state }) {
      const host = parts.host();
      const presiding = host?.register.presiding;
      if (!host || presiding?.kind !== kind || presiding.presides!.isSealed(state)) return undefined;
      return timelines.of(`/v1/${presiding.name}/${id}/timeline`, host.position);
    },
    keep() {
      const who = mine();
      if (!who || kept === JSON.stringify(who)) return;
      kept = JSON.stringify(who);
      writing = writing
        .then(() => keepDashboards(parts, who))
        .catch((error: unknown) => parts.attention.tell('dashboards', notesWords.noDashboards(String(error))));
    },
    restore() {
      const who = mine();
      const count = (who ? forgetDeleted(parts, who) : 0) + (parts.host()?.notebook.restore() ?? 0);
      kept = '';
      pictures.keep();
      new Notice(notesWords.remade(count));
    },
    stop: () => timelines.stop(),
  };
  return pictures;
}
