/** Commands as the palette offers them: a command whose check says no is not available, and not run. */
import type { App } from './app.ts';
import { Platform } from './functions.ts';
import { MarkdownView } from './markdown-view.ts';
import { FuzzySuggestModal } from './prompt.ts';
import type { Editor } from './editor.ts';

export interface Command {
  id: string;
  name: string;
  icon?: string;
  mobileOnly?: boolean;
  callback?: () => unknown;
  checkCallback?: (checking: boolean) => boolean | void;
  editorCallback?: (editor: Editor, view: MarkdownView) => unknown;
  editorCheckCallback?: (checking: boolean, editor: Editor, view: MarkdownView) => boolean | void;
}

export class Commands {
  readonly byId = new Map<string, Command>();
  private readonly app: App;

  constructor(app: App) {
    this.app = app;
  }

  add(command: Command): void {
    this.byId.set(command.id, command);
  }

  remove(id: string): void {
    this.byId.delete(id);
  }

  available(): Command[] {
    return [...this.byId.values()].filter((command) => this.attempt(command, true));
  }

  run(id: string): boolean {
    const command = this.byId.get(id);
    return command !== undefined && this.attempt(command, true) && this.attempt(command, false);
  }

  openPalette(): void {
    new Palette(this.app).open();
  }

  private attempt(command: Command, checking: boolean): boolean {
    if (command.mobileOnly && !Platform.isMobile) return false;
    const view = this.app.workspace.getActiveViewOfType(MarkdownView);
    const editing = view?.getMode() === 'source' ? view : null;
    if (command.editorCheckCallback) {
      return editing !== null && (command.editorCheckCallback(checking, editing.editor, editing) ?? !checking);
    }
    if (command.editorCallback) {
      if (editing && !checking) report(command.editorCallback(editing.editor, editing));
      return editing !== null;
    }
    if (command.checkCallback) return command.checkCallback(checking) ?? !checking;
    if (!checking) report(command.callback?.());
    return true;
  }
}

class Palette extends FuzzySuggestModal<Command> {
  constructor(app: App) {
    super(app);
    this.setPlaceholder('Select a command…');
  }

  override getItems(): Command[] {
    return this.app.commands__.available();
  }

  override getItemText(command: Command): string {
    return command.name;
  }

  override onChooseItem(command: Command): void {
    this.app.commands__.run(command.id);
  }
}

function report(result: unknown): void {
  if (result instanceof Promise) result.catch((error: unknown) => console.error(error));
}
