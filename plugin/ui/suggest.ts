/** Suggestions while somebody writes in their part of a note: after `@`. What it does with the editor; `suggest/` says what is offered. */
import {
  EditorSuggest,
  type App,
  type Editor,
  type EditorPosition,
  type EditorSuggestContext,
  type EditorSuggestTriggerInfo,
  type TFile,
} from 'obsidian';
import type { CommandEntry } from '../../shared/kernel/register.ts';
import { wikilink } from '../../shared/kernel/markdown.ts';
import { isMine } from '../board/sift.ts';
import { buttonsFor, likeliestFirst, targetsOf } from '../handover/offers.ts';
import type { Template } from '../handover/templates.ts';
import type { Host } from '../host.ts';
import type { Held } from '../replica.ts';
import { knownTo, type Known } from '../suggest/known.ts';
import { offered, type Offer } from '../suggest/offers.ts';
import { foundAgain, placeIn, typedIn } from '../suggest/typed.ts';
import { creations } from '../verbs.ts';
import { heldIn } from './commands.ts';
import { suggestWords } from '../words/index.ts';
import { openCapture, perform } from './perform.ts';

/** A step of its own for who undoes it. */
const ORIGIN = 'operary';

export class Suggestions extends EditorSuggest<Offer> {
  private readonly host: () => Host | undefined;
  private readonly templates: () => readonly Template[];
  /** Of the `@`, in people's part. */
  private place = 0;
  /** The words at which somebody closed it. */
  private closedAt: string | undefined;
  /** Looked up once while it is open. */
  private items: readonly Known[] | undefined;

  /** `host`: none while nobody is there in whose name anything could be done. */
  constructor(app: App, host: () => Host | undefined, templates: () => readonly Template[]) {
    super(app);
    this.host = host;
    this.templates = templates;
  }

  override onTrigger(
    { line, ch }: EditorPosition,
    editor: Editor,
    file: TFile | null,
  ): EditorSuggestTriggerInfo | null {
    const typed = typedIn(editor.getLine(line).slice(0, ch));
    // News that come into the note ask again; whoever has closed it goes on writing.
    const isClosed = typed !== undefined && typed.words === this.closedAt;
    if (!isClosed) this.closedAt = undefined;
    if (!typed || isClosed) return null;
    const host = this.host();
    const path = file?.path ?? '';
    if (!host?.me || host.notebook.streamAt(path) === undefined) return null;
    if (host.notebook.isSealed(path) || host.isClosed(path)) return null;
    const start = { line, ch: typed.from };
    const place = placeIn(editor.getValue(), editor.posToOffset(start));
    if (place === undefined) return null;
    this.place = place;
    return { start, end: { line, ch }, query: typed.words };
  }

  override getSuggestions({ query, file }: EditorSuggestContext): Offer[] {
    const host = this.host();
    if (!host?.me) return [];
    const viewer = { me: host.me };
    const items = (this.items ??= knownTo(host));
    const here = heldIn(host, file);
    return offered(query, {
      sayings: sayingsAt(host, here),
      items,
      own: items.find(({ held }) => held.id === here?.id),
      isMine: ({ card: { work } }) => work !== undefined && isMine(work, viewer),
      verbsOf: (item) => verbsOf(host, item),
    });
  }

  override close(): void {
    this.closedAt = this.context?.query;
    super.close();
    this.items = undefined;
  }

  override renderSuggestion({ item, entry, text = '' }: Offer, el: HTMLElement): void {
    const what = item?.card.title ?? text;
    const line = el.createDiv();
    if (entry) line.createSpan({ text: what ? suggestWords.before(entry.word.title) : entry.word.title });
    line.createEl('bdi', { text: what });
    el.addClass('operary-offer');
    if (item && !entry)
      el.createDiv({ cls: 'operary-offer-more', text: [suggestWords.link, ...item.card.details].join(' · ') });
  }

  override selectSuggestion({ item, entry, text }: Offer): void {
    const { context } = this;
    const host = this.host();
    if (!context || !host) return;
    this.close();
    const here = heldIn(host, context.file);
    // In its own note a link to it would say nothing.
    const isOwn = entry && item?.held.id === here?.id;
    const done = this.puts(context, item && !isOwn ? wikilink(item.name) : '');
    if (!entry) return done();
    const [templates, begun] = [this.templates(), { text, done }];
    if (isCapture(entry))
      return openCapture(this.app, host, entry, targetsOf(host, entry, here), templates, undefined, begun);
    perform(this.app, host, entry, item && (host.replica.get(item.held) ?? item.held), templates, begun);
  }

  /** Puts this in the place of what was typed, at once or when a command is on record; where that is gone, nothing. */
  private puts({ editor, file, start, end }: EditorSuggestContext, text: string): () => void {
    const { place } = this;
    const typed = editor.getRange(start, end);
    return () => {
      const shown = this.app.workspace.activeEditor;
      if (shown?.editor !== editor || shown.file !== file) return;
      const from = foundAgain(editor.getValue(), typed, place);
      if (from === undefined) return;
      editor.replaceRange(text, editor.offsetToPos(from), editor.offsetToPos(from + typed.length), ORIGIN);
    };
  }
}

const isCapture = ({ feature, verb }: CommandEntry): boolean => feature.capture?.verb === verb;

/** What people say most, where it can be said now. */
function sayingsAt(host: Host, here: Held | undefined): readonly CommandEntry[] {
  const captures = [...host.register.commands.values()].filter(
    (entry) => isCapture(entry) && targetsOf(host, entry, here).length > 0,
  );
  return [...captures, ...creations(host.register, host.me).filter(({ word }) => word.brief !== undefined)];
}

const verbsOf = (host: Host, { held, card }: Known): readonly CommandEntry[] =>
  likeliestFirst(buttonsFor(host, held, host.me), card).filter((entry) => !isCapture(entry));
