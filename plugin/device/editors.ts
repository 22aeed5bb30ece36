/**
 * Open editors: which of them shows which note, what of it may not be typed into, and our own changes as small transactions. Registered
 * extensions also run in nested editors (table cells, hover previews): only the outermost one of a markdown view owns its file.
 */
import { Annotation, EditorState, Transaction, type Extension, type StateField } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin, type DecorationSet, type ViewUpdate } from '@codemirror/view';
import { editorInfoField, MarkdownView, type MarkdownFileInfo } from 'obsidian';
import { readFrontmatter } from '../notes/frontmatter.ts';
import { protectedRanges } from '../notes/protected.ts';
import type { Splice } from '../notes/splice.ts';

const ours = Annotation.define<true>();
// Obsidian's typings see CodeMirror as CommonJS, we as a module: the same library under two names.
const infoField = editorInfoField as unknown as StateField<MarkdownFileInfo>;

export interface Guarded {
  /** The whole note is the record's. */
  isSealed(path: string): boolean;
  /** One of our notes that people write in. */
  isLive(path: string): boolean;
  /** People's own part of this note is final, too. */
  isClosed?(path: string): boolean;
  /** Somebody has stopped typing in the properties of this note. */
  becameQuiet(path: string): void;
}

export interface Editors {
  readonly extension: Extension;
  /** The editor that owns this file and shows its source; none where the note is read. */
  ownerOf(path: string): EditorView | undefined;
  change(view: EditorView, splices: readonly Splice[]): void;
  /** Whether the cursor is in the properties of an editor that has the focus. */
  isTypingProperties(path: string): boolean;
}

export function createEditors(guarded: Guarded): Editors {
  const views = new Set<EditorView>();

  const tracker = ViewPlugin.define((view) => {
    views.add(view);
    let wasTyping = false;
    return {
      update({ view: updated }: ViewUpdate) {
        const isTyping = inProperties(updated);
        const path = pathIn(updated.state);
        if (wasTyping && !isTyping && path !== undefined) guarded.becameQuiet(path);
        wasTyping = isTyping;
      },
      destroy: () => void views.delete(view),
    };
  });

  const isSealed = (state: EditorState): boolean => {
    const path = pathIn(state);
    return path !== undefined && guarded.isSealed(path);
  };

  const filter = EditorState.changeFilter.of((transaction) => {
    if (transaction.annotation(ours) || transaction.isUserEvent('set')) return true;
    const { startState } = transaction;
    const path = pathIn(startState);
    if (path === undefined) return true;
    if (guarded.isSealed(path)) return false;
    if (!guarded.isLive(path) || !isOwnersText(startState)) return true;
    return protectedRanges(transaction, guarded.isClosed?.(path) ?? false);
  });

  return {
    extension: [
      tracker,
      filter,
      markers,
      // The file of a view changes without a transaction; the text that comes with it does not.
      EditorState.readOnly.compute(['doc', infoField], isSealed),
      EditorView.editable.compute(['doc', infoField], (state) => !isSealed(state)),
      EditorView.editorAttributes.compute(['doc', infoField], (state) => ({
        class: isSealed(state) ? 'operary-sealed-editor' : '',
      })),
    ],
    ownerOf(path) {
      const owners = [...views].filter(
        (view) => pathIn(view.state) === path && isOwner(view) && modeOf(view) === 'source',
      );
      // Of two panes the one that is written in is ahead; the other follows it.
      return owners.find((view) => view.hasFocus) ?? owners[0];
    },
    change(view, splices) {
      view.dispatch({
        changes: splices.map(({ from, to, insert }) => ({ from, to, insert })),
        annotations: [ours.of(true), Transaction.addToHistory.of(false)],
      });
    },
    isTypingProperties: (path) =>
      [...views].some((view) => pathIn(view.state) === path && isOwner(view) && inProperties(view)),
  };
}

/** The lines that mark our regions step back behind what people read. */
const markers = ViewPlugin.define(
  (view) => {
    const plugin = {
      marks: marksIn(view),
      update(update: ViewUpdate) {
        if (update.docChanged || update.viewportChanged) plugin.marks = marksIn(update.view);
      },
    };
    return plugin;
  },
  { decorations: ({ marks }) => marks },
);
const faint = Decoration.line({ class: 'operary-marker' });

function marksIn({ state, visibleRanges }: EditorView): DecorationSet {
  const marks = [];
  for (const { from, to } of visibleRanges) {
    for (let line = state.doc.lineAt(from); ; line = state.doc.line(line.number + 1)) {
      if (/^%% \/?operary:[a-z0-9-]+ %%[ \t]*$/.test(line.text)) marks.push(faint.range(line.from));
      if (line.to >= to || line.number === state.doc.lines) break;
    }
  }
  return Decoration.set(marks, true);
}

const infoIn = (state: EditorState) => state.field(infoField, false);
const pathIn = (state: EditorState): string | undefined => infoIn(state)?.file?.path;

function isOwner(view: EditorView): boolean {
  return (
    infoIn(view.state) instanceof MarkdownView &&
    !view.dom.parentElement?.closest('.cm-editor') &&
    isOwnersText(view.state)
  );
}

/** A nested editor has its host's file, but not its host's text. */
function isOwnersText(state: EditorState): boolean {
  const editor = infoIn(state)?.editor;
  return editor !== undefined && editor.lineCount() === state.doc.lines && editor.getLine(0) === state.doc.line(1).text;
}

function modeOf(view: EditorView): string | undefined {
  const info = infoIn(view.state);
  return info instanceof MarkdownView ? info.getMode() : undefined;
}

function inProperties(view: EditorView): boolean {
  if (!view.hasFocus || view.state.doc.lines < 2 || !view.state.doc.line(1).text.startsWith('---')) return false;
  return view.state.selection.main.head < readFrontmatter(view.state.doc.toString()).end;
}
