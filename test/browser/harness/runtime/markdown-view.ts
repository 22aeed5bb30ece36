/**
 * A note in a real CodeMirror editor, with its properties above, and its reading view.
 * One view serves many files one after the other; text that comes from the disk carries the user event `set`.
 */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { Annotation, Compartment, EditorState, Transaction, type Extension } from '@codemirror/state';
import { EditorView, drawSelection, keymap, type ViewUpdate } from '@codemirror/view';
import { Editor } from './editor.ts';
import {
  editorEditorField,
  editorInfoField,
  editorLivePreviewField,
  editorViewField,
  setLivePreview,
} from './editor-fields.ts';
import type { TFile } from './files.ts';
import { changeProperties, getFrontMatterInfo, type Properties } from './frontmatter.ts';
import type { WorkspaceLeaf } from './leaf.ts';
import { livePreview } from './live-preview.ts';
import { PropertiesPanel } from './properties.ts';
import { MarkdownPreviewView } from './preview-view.ts';
import { strict } from './strict.ts';
import { TextFileView } from './text-file-view.ts';

const fromDisk = Annotation.define<boolean>();

export class MarkdownView extends TextFileView {
  editor: Editor;
  previewMode: MarkdownPreviewView;
  hoverPopover: unknown = null;
  mode__: 'source' | 'preview' = 'source';
  source__ = false;
  cm__: EditorView;
  history__ = new Compartment();
  plugins__ = new Compartment();
  self__ = new Compartment();
  scroller__: HTMLElement;
  inlineTitle__: HTMLElement;
  panel__: PropertiesPanel;
  sourceEl__: HTMLElement;

  constructor(leaf: WorkspaceLeaf) {
    super(leaf);
    const self = strict(this, 'MarkdownView');
    this.icon = 'file-text';
    this.scroller__ = this.contentEl.createDiv('note-scroller');
    const sizer = this.scroller__.createDiv('note-sizer');
    this.inlineTitle__ = sizer.createDiv('inline-title');
    this.panel__ = new PropertiesPanel(self, sizer.createDiv('metadata-container'));
    this.sourceEl__ = sizer.createDiv('markdown-source-view cm-s-obsidian mod-cm6 is-live-preview');
    this.cm__ = new EditorView({
      parent: this.sourceEl__,
      state: EditorState.create({ extensions: self.extensions__() }),
    });
    this.cm__.dispatch({ effects: this.self__.reconfigure(editorEditorField.init(() => this.cm__)) });
    this.editor = new Editor(this.cm__);
    this.previewMode = new MarkdownPreviewView(self, sizer.createDiv('markdown-reading-view'));
    self.addAction('book-open', 'Current view: editing. Click to read', () => void self.toggleMode__());
    self.draw__();
    return self;
  }

  get currentMode(): {
    get(): string;
    set(data: string, clear: boolean): void;
    getScroll(): number;
    applyScroll(scroll: number): void;
  } {
    if (this.mode__ === 'preview') return this.previewMode;
    return {
      get: () => this.editor.getValue(),
      set: (data, clear) => this.setViewData(data, clear),
      getScroll: () => this.scroller__.scrollTop,
      applyScroll: (scroll) => void (this.scroller__.scrollTop = scroll),
    };
  }

  override onload(): unknown {
    super.onload();
    this.register(() => this.cm__.destroy());
    this.addChild(this.previewMode);
    // Another pane of the same note shows at once what is typed in this one; only this one saves it.
    this.registerEvent(
      this.app.workspace.on('quick-preview', (file: TFile, text: string) => {
        if (file === this.file && text !== this.getViewData()) this.setViewData(text, false);
      }),
    );
    return undefined;
  }

  override getViewType(): string {
    return 'markdown';
  }

  getMode(): 'source' | 'preview' {
    return this.mode__;
  }

  override canAcceptExtension(extension: string): boolean {
    return extension === 'md';
  }

  override getState(): Record<string, unknown> {
    return { ...super.getState(), mode: this.mode__, source: this.source__ };
  }

  override async setState(state: unknown, result: { history: boolean }): Promise<void> {
    const wanted = (state ?? {}) as { mode?: unknown; source?: unknown };
    if (wanted.mode === 'source' || wanted.mode === 'preview') this.mode__ = wanted.mode;
    if (typeof wanted.source === 'boolean') this.source__ = wanted.source;
    await super.setState(state, result);
    this.cm__.dispatch({ effects: setLivePreview.of(!this.source__) });
    this.draw__();
  }

  override getViewData(): string {
    return this.cm__.state.doc.toString();
  }

  override setViewData(data: string, clear: boolean): void {
    this.data = data;
    const text = data.replace(/\r\n?/g, '\n');
    const change = smallestChange(this.getViewData(), text);
    if (clear) {
      this.cm__.dispatch({
        changes: { from: 0, to: this.cm__.state.doc.length, insert: text },
        selection: { anchor: this.source__ ? 0 : Math.min(getFrontMatterInfo(text).contentStart, text.length) },
        ...set,
      });
      this.cm__.dispatch({ effects: this.history__.reconfigure([]) });
      this.cm__.dispatch({ effects: this.history__.reconfigure(history()) });
      this.updateOptions__();
    } else if (change) this.cm__.dispatch({ changes: change, ...set });
    this.draw__();
  }

  override clear(): void {
    this.previewMode.clear();
  }

  override async onRename(file: TFile): Promise<void> {
    await super.onRename(file);
    this.draw__();
  }

  showSearch(replace?: boolean): void {
    void replace;
  }

  /** Properties and reading view write here: no CodeMirror edit of the user's, no processFrontMatter. */
  saveFrontmatter__(change: (properties: Properties) => void): void {
    this.edit__(changeProperties(this.getViewData(), change));
  }

  edit__(text: string): void {
    if (text === this.getViewData()) return;
    this.setViewData(text, false);
    this.changed__();
  }

  override changed__(): void {
    super.changed__();
    this.app.workspace.trigger('quick-preview', this.file, this.getViewData());
  }

  updateOptions__(): void {
    this.cm__.dispatch({ effects: this.plugins__.reconfigure(this.pluginExtensions__()) });
  }

  async toggleMode__(): Promise<void> {
    const { type, state } = this.leaf.getViewState();
    await this.leaf.setViewState({ type, state: { ...state, mode: this.mode__ === 'source' ? 'preview' : 'source' } });
  }

  draw__(): void {
    const reading = this.mode__ === 'preview';
    this.containerEl.dataset['mode'] = this.mode__;
    this.inlineTitle__.setText(this.file?.basename ?? '');
    this.sourceEl__.toggle(!reading);
    this.sourceEl__.toggleClass('is-live-preview', !this.source__);
    this.previewMode.containerEl.toggle(reading);
    this.panel__.show(this.getViewData(), reading || !this.source__);
    if (reading) this.previewMode.set(this.getViewData(), false);
    this.contentEl.toggleClass('is-readable-line-width', true);
  }

  extensions__(): Extension {
    const owner = () => this;
    return [
      editorInfoField.init(owner),
      editorViewField.init(owner),
      this.self__.of([]),
      editorLivePreviewField,
      this.history__.of(history()),
      keymap.of([...defaultKeymap, ...historyKeymap]),
      drawSelection(),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ spellcheck: 'false', 'aria-label': 'Note' }),
      livePreview(() => this),
      this.plugins__.of(this.pluginExtensions__()),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return this.suggests__(update);
        const foreign = update.transactions.every(
          (transaction) => !transaction.docChanged || transaction.annotation(fromDisk),
        );
        if (foreign) return;
        this.suggests__(update);
        this.panel__.show(this.getViewData(), this.mode__ === 'preview' || !this.source__);
        this.changed__();
        this.app.workspace.trigger('editor-change', this.editor, this);
      }),
    ];
  }

  suggests__(update: ViewUpdate): void {
    this.app.plugins__.editorSuggests.updated(update, this.editor, () => this.file);
  }

  // A copy: plugins change the array that they registered and then call updateOptions.
  pluginExtensions__(): Extension {
    return this.app.plugins__.editorExtensions.map((extension) =>
      Array.isArray(extension) ? [...(extension as Extension[])] : extension,
    );
  }
}

const set = { userEvent: 'set', annotations: [fromDisk.of(true), Transaction.addToHistory.of(false)] };

function smallestChange(from: string, to: string): { from: number; to: number; insert: string } | null {
  if (from === to) return null;
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start += 1;
  let [fromEnd, toEnd] = [from.length, to.length];
  while (fromEnd > start && toEnd > start && from[fromEnd - 1] === to[toEnd - 1])
    [fromEnd, toEnd] = [fromEnd - 1, toEnd - 1];
  return { from: start, to: fromEnd, insert: to.slice(start, toEnd) };
}
