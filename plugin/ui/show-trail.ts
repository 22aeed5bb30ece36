/** "Show audit trail" and "Save trail as note". */
import { Notice, type App } from 'obsidian';
import { utc } from '../../shared/kernel/schema.ts';
import type { Subject } from '../../shared/kernel/event.ts';
import type { Host } from '../host.ts';
import type { Clock, Link } from '../link.ts';
import type { NoteFiles } from '../notes/ports.ts';
import type { Story } from '../pictures/story.ts';
import { saveTrail, trailOf } from '../pictures/trails.ts';
import { TrailModal } from './trail.ts';
import { trailWords } from '../words/index.ts';

const NOTICE_MS = 8000;

export interface TrailParts {
  readonly app: App;
  readonly host: Host;
  readonly link: Link;
  readonly clock: Clock;
  readonly files: NoteFiles;
}

export async function showTrail(parts: TrailParts, subject: Subject): Promise<void> {
  const story = await told(parts, subject);
  if (story) new TrailModal(parts.app, parts.host, story, () => keep(parts, story)).open();
}

export async function keepTrail(parts: TrailParts, subject: Subject): Promise<void> {
  const story = await told(parts, subject);
  if (story) await keep(parts, story);
}

/** `undefined` when there is nothing to show; the person has been told why. */
async function told({ host, link, clock }: TrailParts, subject: Subject): Promise<Story | undefined> {
  const answer = await trailOf(host, link, clock, subject);
  if ('story' in answer) return answer.story;
  new Notice(answer.refused, NOTICE_MS);
  return undefined;
}

async function keep({ app, host, clock, files }: TrailParts, story: Story): Promise<void> {
  try {
    const path = await saveTrail(files, story, host.scribe.organisation.zone, utc(clock.now()));
    const file = app.vault.getFileByPath(path);
    if (file) await app.workspace.getLeaf(false).openFile(file);
    new Notice(trailWords.savedAs(path));
  } catch (error) {
    new Notice(trailWords.notSaved(String(error)), NOTICE_MS);
  }
}
