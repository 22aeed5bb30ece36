/** A command from a person: its form where it asks for something, its refusal where they can read it. */
import { Notice, type App } from 'obsidian';
import type { Subject } from '../../shared/kernel/event.ts';
import { shortNumber } from '../../shared/kernel/ids.ts';
import type { EditAnswer } from '../../shared/kernel/note.ts';
import type { CommandEntry } from '../../shared/kernel/register.ts';
import type { Fields } from '../asking.ts';
import { guessedArea, rememberArea } from '../board/area.ts';
import { draftOf, SHEET } from '../drafts.ts';
import { fieldsOf } from '../fields.ts';
import type { Template } from '../handover/templates.ts';
import type { Host } from '../host.ts';
import type { Held } from '../replica.ts';
import { CaptureModal } from './capture.ts';
import { FormModal, type Attempt } from './form.ts';
import { SheetModal } from './sheet.ts';
import { formWords } from '../words/index.ts';

const NOTICE_MS = 8000;
const HELD = 'held';

/** What is said of it already, where the text goes into the one field that is asked for, and what follows when it is on record. */
export interface Begun {
  readonly about?: string;
  readonly filled?: Fields;
  readonly text?: string | undefined;
  readonly done?: () => void;
}

/** `templates`: beginnings of texts, as this person has them. */
export function perform(
  app: App,
  host: Host,
  entry: CommandEntry,
  held: Held | undefined,
  templates: readonly Template[] = [],
  begun: Begun = {},
): void {
  const { capture, sheets } = entry.feature;
  if (held && sheets?.[entry.verb]?.isDue(held.state, host.me?.id ?? ''))
    return openSheet(app, host, entry, held, begun);
  if (held && capture?.verb === entry.verb) return openCapture(app, host, entry, [held], templates, undefined, begun);
  const said = begun.text ? { [entry.word.brief!]: begun.text } : {};
  const filled = { ...prefilled(host, entry, held), ...begun.filled, ...said };
  const isPlain = fieldsOf(entry.word.input, host.register).every(
    ({ isRequired, key }) => !isRequired && key === 'reason',
  );
  const attempt = attempting(host, entry, held, begun);
  const about = held ? aboutOf(host, held) : (begun.about ?? '');
  const isFinal = entry.word.final !== undefined;
  // What only the server knows is looked at before somebody decides there.
  if (!isPlain || isFinal || (entry.word.online && held)) {
    const remarks = entry.word.online && held ? { remarks: () => host.remarksOn(held) } : {};
    const draft = draftOf(host, entry.type, held);
    return new FormModal(app, host, { entry, about, filled, attempt, draft, ...remarks }).open();
  }
  void attempt(filled).then((refused) => {
    if (refused) new Notice(refused.detail, NOTICE_MS);
  });
}

/** `isTold`: that it is done; where several follow from one press, only the last says so. */
const attempting =
  (host: Host, entry: CommandEntry, held: Held | undefined, { done }: Begun = {}, isTold = true): Attempt =>
  async (input) => {
    if (!held) rememberArea(host, input);
    const outcome = await host.asking.ask({ type: entry.type, ...(held ? { subject: subjectOf(held) } : {}), input });
    if (outcome.kind === 'refused') {
      // It is kept for a supervisor: entering it again would only double it.
      if (outcome.code !== HELD) return outcome;
      new Notice(outcome.detail, NOTICE_MS);
      done?.();
      return undefined;
    }
    if (!isTold) return undefined;
    done?.();
    const number = outcome.entity['ref'];
    const how = outcome.kind === 'saved' ? formWords.savedHere : formWords.done;
    new Notice(`${entry.word.title}: ${how}${!held && typeof number === 'string' ? `, ${number}` : ''}.`);
    return undefined;
  };

/** One text, for any of these; `line`: that of a note which somebody wants to put right. */
export function openCapture(
  app: App,
  host: Host,
  entry: CommandEntry,
  targets: readonly Held[],
  templates: readonly Template[],
  line?: string,
  begun: Begun = {},
): void {
  new CaptureModal(app, {
    ...{ host, entry, targets, templates },
    text: begun.text ?? '',
    draft: draftOf(host, line === undefined ? entry.type : `${entry.type}#corrected`, targets[0]),
    aboutOf: (held) => aboutOf(host, held),
    attemptOn: (held) => attempting(host, entry, held, begun),
    ...(line === undefined ? {} : { correct: { line } }),
  }).open();
}

function openSheet(app: App, host: Host, entry: CommandEntry, held: Held, begun: Begun): void {
  const other = (verb: string): CommandEntry => host.register.commands.get(`${entry.feature.name}.${verb}`)!;
  new SheetModal(app, {
    ...{ host, entry, held, about: aboutOf(host, held) },
    draft: draftOf(host, `${entry.type}#${SHEET}`, held),
    attempt: (verb, isTold) => attempting(host, other(verb), held, begun, isTold),
    open: (verb) => perform(app, host, other(verb), host.replica.get(held) ?? held),
  }).open();
}

const subjectOf = ({ kind, id }: Held): Subject => ({ kind, id });

export function aboutOf(host: Host, held: Held): string {
  const feature = host.register.byKind.get(held.kind)!;
  return `${shortNumber(feature.letter, held.number)} ${feature.titleOf(held.state, host.scribe.organisation.zone)}`;
}

/** What the open item says already: its area for something new, its own lists where the feature knows them. */
function prefilled(host: Host, entry: CommandEntry, held: Held | undefined): Fields {
  if (held) {
    const { note } = host.register.byKind.get(held.kind)!;
    // Whoever decides has seen what this device has.
    const seen = 'expectedHead' in entry.word.input.shape ? { expectedHead: host.position } : {};
    return { ...seen, ...note?.prefill?.(entry.verb, held.state, held, host.scribe.around()) };
  }
  const area = guessedArea(host);
  return area === undefined ? {} : { area };
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
        return Promise.resolve({ detail: formWords.missing, fields });
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
