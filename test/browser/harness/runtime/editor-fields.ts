/** The state fields by which editor extensions learn whose editor they run in. */
import { StateEffect, StateField } from '@codemirror/state';
import { EditorView, ViewPlugin } from '@codemirror/view';

const constant = <T>(first: T) => StateField.define<T>({ create: () => first, update: (value) => value });

/** The owner of the editor: for a note its MarkdownView, whose `file` changes before the buffer does. */
export const editorInfoField = constant<unknown>({ app: null, file: null, hoverPopover: null });
export const editorViewField = constant<unknown>({ app: null, file: null, hoverPopover: null });
export const editorEditorField = constant<EditorView | null>(null);

export const setLivePreview = StateEffect.define<boolean>();
export const editorLivePreviewField = StateField.define<boolean>({
  create: () => true,
  update: (value, transaction) =>
    transaction.effects.reduce((now, effect) => (effect.is(setLivePreview) ? effect.value : now), value),
});

export const livePreviewState = ViewPlugin.fromClass(
  class {
    mousedown = false;
  },
);
