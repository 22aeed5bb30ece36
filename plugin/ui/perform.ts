/** A command from a person: its form where it asks for something, its refusal where they can read it. */
import { Notice, type App } from 'obsidian';
import type { Subject } from '../../shared/kernel/event.ts';
import { shortNumber } from '../../shared/kernel/ids.ts';
import type { EditAnswer } from '../../shared/kernel/note.ts';
import type { CommandEntry } from '../../shared/kernel/register.ts';
import type { Fields } from '../asking.ts';
import { fieldsOf } from '../fields.ts';
import type { Host } from '../host.ts';
import type { Held } from '../replica.ts';
import { FormModal } from './form.ts';

const NOTICE_MS = 8000;
const HELD = 'held';

export function perform(app: App, host: Host, entry: CommandEntry, held: Held | undefined): void {
  const filled = prefilled(host, entry, held);
  const isPlain = fieldsOf(entry.word.input, host.register).every(
    ({ isRequired, key }) => !isRequired && key === 'reason',
  );
  const attempt = async (input: Fields) => {
    const outcome = await host.asking.ask({ type: entry.type, ...(held ? { subject: subjectOf(held) } : {}), input });
    if (outcome.kind === 'refused') {
      // It is kept for a supervisor: entering it again would only double it.
      if (outcome.code !== HELD) return outcome;
      new Notice(outcome.detail, NOTICE_MS);
      return undefined;
    }
    const number = outcome.entity['ref'];
    const done = outcome.kind === 'saved' ? 'saved here, and sent when there is a network' : 'done';
    new Notice(`${entry.word.title}: ${done}${!held && typeof number === 'string' ? `, ${number}` : ''}.`);
    return undefined;
  };
  const about = held ? aboutOf(host, held) : '';
  // What only the server knows is looked at before somebody decides there.
  if (!isPlain || (entry.word.online && held)) {
    const remarks = entry.word.online && held ? { remarks: () => host.remarksOn(held) } : {};
    return new FormModal(app, host, { entry, about, filled, attempt, ...remarks }).open();
  }
  void attempt({}).then((refused) => {
    if (refused) new Notice(refused.detail, NOTICE_MS);
  });
}

const subjectOf = ({ kind, id }: Held): Subject => ({ kind, id });

export function aboutOf(host: Host, held: Held): string {
  const feature = host.register.byKind.get(held.kind)!;
  return `${shortNumber(feature.letter, held.number)} ${feature.titleOf(held.state)}`;
}

/** What the open item says already: its area for something new, its own lists where the feature knows them. */
function prefilled(host: Host, entry: CommandEntry, held: Held | undefined): Fields {
  if (held) {
    const { note } = host.register.byKind.get(held.kind)!;
    // Whoever decides has seen what this device has.
    const seen = 'expectedHead' in entry.word.input.shape ? { expectedHead: host.position } : {};
    return { ...seen, ...note?.prefill?.(entry.verb, held.state, held, host.scribe.around()) };
  }
  const area = host.me?.areas[0] ?? currentArea(host);
  return area === undefined ? {} : { area };
}

/** Of whoever presides now, when only one does. */
function currentArea({ register, replica }: Host): string | undefined {
  const { presiding } = register;
  if (!presiding) return undefined;
  const areas = new Set(
    replica
      .all(presiding.kind)
      .flatMap(({ state }) => (presiding.presides!.isSealed(state) ? [] : (presiding.areaOf(state) ?? []))),
  );
  return areas.size === 1 ? [...areas][0] : undefined;
}

/** What an edit of a note lacks. `undefined`: nobody is looking at that note; `null`: they do not want to. */
export function askInForm(app: App, host: Host, answer: EditAnswer, path: string): Promise<Fields | null | undefined> {
  const entry = host.register.commands.get(answer.type);
  const isSeen = app.workspace.getActiveFile()?.path === path && activeDocument.visibilityState === 'visible';
  if (!entry || !isSeen) return Promise.resolve(undefined);
  const held = host.replica.get(answer.subject);
  return new Promise((resolve) => {
    const attempt = (input: Fields) => {
      const parsed = entry.word.input.safeParse(input);
      if (!parsed.success) {
        const fields = parsed.error.issues.map(({ path: at, message }) => ({ field: at.join('/'), problem: message }));
        return Promise.resolve({ detail: 'Something is missing.', fields });
      }
      resolve(input);
      return Promise.resolve(undefined);
    };
    const filled = { ...(held ? prefilled(host, entry, held) : {}), ...answer.input };
    new FormModal(app, host, {
      entry,
      about: held ? aboutOf(host, held) : '',
      filled,
      attempt,
      closed: () => resolve(null),
    }).open();
  });
}
