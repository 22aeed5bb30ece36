/**
 * A cell of a table in Live Preview is edited in an editor of its own. It carries the plugins' extensions, and its
 * editorInfoField names the host's view: an extension that does not check `view.editor` takes the cell for the note.
 */
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { editorInfoField, editorLivePreviewField } from './editor-fields.ts';
import type { MarkdownView } from './markdown-view.ts';

export function openTableCell(owner: MarkdownView, cell: HTMLElement, tableFrom: number): void {
  const row = cell.closest('tr') as HTMLTableRowElement;
  const column = [...row.cells].indexOf(cell as HTMLTableCellElement);
  const rows = [...(cell.closest('table') as HTMLTableElement).rows];
  const firstLine = owner.cm__.state.doc.lineAt(tableFrom).number;
  // The delimiter row has no row of its own.
  const at = rows.indexOf(row);
  const line = owner.cm__.state.doc.line(firstLine + at + (at > 0 ? 1 : 0));
  const bars = [...line.text.matchAll(/(?<!\\)\|/g)].map(({ index }) => index);
  let from = line.from + (bars[column] ?? 0) + 1;
  let to = line.from + (bars[column + 1] ?? line.text.length);
  const text = owner.cm__.state.sliceDoc(from, to);
  from += text.length - text.trimStart().length;
  to = from + text.trim().length;
  cell.empty();
  const nested = new EditorView({
    parent: cell.createDiv('table-cell-wrapper'),
    state: EditorState.create({
      doc: text.trim(),
      extensions: [
        editorInfoField.init(() => owner),
        editorLivePreviewField,
        owner.pluginExtensions__(),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) typed = update.state.doc.toString();
        }),
      ],
    }),
  });
  let typed = text.trim();
  nested.contentDOM.addEventListener('blur', () => {
    nested.destroy();
    owner.cm__.dispatch({ changes: { from, to, insert: typed }, userEvent: 'input' });
  });
  nested.focus();
}
