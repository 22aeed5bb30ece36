/** Trails on request: told by the server, or from what is here where it cannot be reached; and kept as notes. */
import type { Subject } from '../../shared/kernel/event.ts';
import type { TrailAnswer } from '../../shared/kernel/trail.ts';
import type { Host } from '../host.ts';
import { answered, problemIn, type Clock, type Link, type Reply } from '../link.ts';
import { ROOT } from '../notes/notebook.ts';
import type { NoteFiles } from '../notes/ports.ts';
import { isUnconfirmed } from '../surroundings.ts';
import { storyOf, type Story } from './story.ts';
import { trailHere } from './trail-here.ts';
import { isUntouched, trailNote, trailNoteName } from './trail-note.ts';
import { trailWords } from '../words/index.ts';

/** The trail, or the sentence of the server's refusal. */
export async function trailOf(
  host: Host,
  link: Link,
  clock: Clock,
  { kind, id }: Subject,
): Promise<{ readonly story: Story } | { readonly refused: string }> {
  const held = host.replica.get({ kind, id });
  // What waits here is not known there.
  const isHere = host.connection.state.kind === 'offline' || (held && isUnconfirmed(held));
  const reply = isHere ? undefined : await replyOf();
  if (reply && reply.status !== 200) return { refused: problemIn(reply).detail };
  if (!reply && !held) return { refused: trailWords.gone };
  const answer = reply ? (reply.json as TrailAnswer) : await trailHere(host.replica, { kind, id });
  return { story: storyOf(answer, host.register, host.scribe.around(), reply ? 'server' : 'here') };

  async function replyOf(): Promise<Reply | undefined> {
    try {
      return await answered(link, clock, 'GET', `/v1/${host.register.byKind.get(kind)!.name}/${id}/trail`);
    } catch {
      return undefined;
    }
  }
}

/** Answers the path. What people changed is theirs: then the trail is written beside it. */
export async function saveTrail(files: NoteFiles, story: Story, zone: string, now: string): Promise<string> {
  const text = trailNote(story, zone, now);
  for (let n = 1; ; n++) {
    const path = `${ROOT}/Trails/${trailNoteName(story)}${n === 1 ? '' : ` ${n}`}.md`;
    if (!files.exists(path)) {
      await files.create(path, text);
      return path;
    }
    let isOurs = false;
    await files.change(path, (old) => {
      isOurs = isUntouched(old);
      return isOurs ? [{ from: 0, to: old.length, insert: text }] : [];
    });
    if (isOurs) return path;
  }
}
