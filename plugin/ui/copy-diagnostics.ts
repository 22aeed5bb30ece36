/** "Copy diagnostics": from the settings, or as a command. */
import { apiVersion, Notice, type App } from 'obsidian';
import { diagnosticsOf, type Facts } from '../diagnostics.ts';
import { ROOT } from '../notes/notebook.ts';
import { settingsWords } from '../words/index.ts';

export function copyDiagnostics({ vault }: App, facts: Omit<Facts, 'obsidian' | 'now' | 'notes'>): void {
  const notes = vault.getMarkdownFiles().filter(({ path }) => path.startsWith(`${ROOT}/`)).length;
  const text = diagnosticsOf({ ...facts, notes, obsidian: apiVersion, now: Date.now() });
  void navigator.clipboard.writeText(text).then(
    () => new Notice(settingsWords.copied),
    () => new Notice(settingsWords.notCopied),
  );
}
