/** What of this device a person sees: its kind, and which notes are open. */
import { MarkdownView, Platform, type App } from 'obsidian';
import { deviceWords } from '../words/index.ts';

export function platformName(): string {
  if (Platform.isAndroidApp) return Platform.isTablet ? deviceWords.androidTablet : deviceWords.androidPhone;
  if (Platform.isIosApp) return Platform.isTablet ? 'iPad' : 'iPhone';
  if (Platform.isMacOS) return 'Mac';
  return Platform.isWin ? deviceWords.windows : deviceWords.linux;
}

export const openNotes = ({ workspace }: App): string[] =>
  workspace
    .getLeavesOfType('markdown')
    .flatMap(({ view }) => (view instanceof MarkdownView && view.file ? view.file.path : []));
