/** TextFileView: loads a file, saves it some time after the last edit (the app: two seconds), follows the disk. */
import type { TAbstractFile, TFile } from './files.ts';
import { debounce } from './functions.ts';
import type { WorkspaceLeaf } from './leaf.ts';
import { mergeText } from './merge-text.ts';
import { EditableFileView } from './view.ts';

export class TextFileView extends EditableFileView {
  data = '';
  requestSave: () => void;
  dirty__ = false;
  saving__: Promise<void> | undefined;
  missed__ = false;
  lastSaved__ = '';

  constructor(leaf: WorkspaceLeaf) {
    super(leaf);
    const soon = debounce(() => void this.save(), this.app.settings__.saveDelayMs, true);
    this.requestSave = () => {
      this.dirty__ = true;
      soon();
    };
  }

  override onload(): unknown {
    super.onload();
    this.registerEvent(
      this.app.vault.on('modify', (file: TAbstractFile) => void (file === this.file && this.diskChanged__())),
    );
    return undefined;
  }

  override async onLoadFile(file: TFile): Promise<void> {
    const text = await this.app.vault.read(file);
    if (file !== this.file) return;
    this.take__(text);
    this.setViewData(text, true);
  }

  override async onUnloadFile(file: TFile): Promise<void> {
    if (!file.deleted__) await this.save();
    this.clear();
  }

  /** One after the other: what was typed during a save is in the next one. */
  async save(clear = false): Promise<void> {
    while (this.saving__) await this.saving__;
    const { file } = this;
    if (!file || !this.dirty__ || file.deleted__) return;
    const text = this.getViewData();
    this.take__(text);
    for (const pane of this.panes__()) pane.lastSaved__ = text;
    if (clear) this.clear();
    this.saving__ = this.app.vault.modify(file, text);
    try {
      await this.saving__;
    } finally {
      this.saving__ = undefined;
      for (const pane of [this, ...this.panes__()]) if (pane.missed__) pane.diskChanged__();
    }
  }

  changed__(): void {
    this.requestSave();
  }

  getViewData(): string {
    return this.data;
  }

  setViewData(data: string, clear: boolean): void {
    void clear;
    this.data = data;
  }

  clear(): void {}

  take__(text: string): void {
    this.data = this.lastSaved__ = text;
    this.dirty__ = false;
  }

  /** Others that show this file: they follow what is typed here, and it is they who save what is typed there. */
  panes__(): TextFileView[] {
    return this.app.workspace.leaves__.flatMap(({ view }) =>
      view !== this && view instanceof TextFileView && view.file === this.file ? [view] : [],
    );
  }

  /** A clean buffer follows the disk; a dirty one is merged with it, line by line, and saved again. */
  diskChanged__(): void {
    // In the middle of a save the file may still be as it was before it: that is nobody's change.
    this.missed__ = [this, ...this.panes__()].some((pane) => pane.saving__ !== undefined);
    if (this.missed__) return;
    const disk = this.file && this.app.vault.textNow__(this.file);
    if (disk === null || disk === this.lastSaved__) return;
    const mine = this.getViewData();
    const base = this.lastSaved__;
    const { dirty__: isDirty } = this;
    this.take__(disk);
    if (!isDirty && this.panes__().some((pane) => pane.dirty__)) return;
    if (!isDirty || mine.replaceAll('\r\n', '\n') === base.replaceAll('\r\n', '\n'))
      return this.setViewData(disk, false);
    this.app.notify__(`"${this.file?.name ?? ''}" has been modified externally, merging changes automatically.`);
    this.setViewData(mergeText(base, mine, disk), false);
    this.changed__();
  }
}
