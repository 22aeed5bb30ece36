/** What of this device a person sees: its kind, and which notes are open. */
import { MarkdownView, Platform, type App } from 'obsidian';

export function platformName(): string {
  if (Platform.isAndroidApp) return Platform.isTablet ? 'Android tablet' : 'Android phone';
  if (Platform.isIosApp) return Platform.isTablet ? 'iPad' : 'iPhone';
  if (Platform.isMacOS) return 'Mac';
  return Platform.isWin ? 'Windows computer' : 'Linux computer';
}

export const openNotes = ({ workspace }: App): string[] =>
  workspace
    .getLeavesOfType('markdown')
    .flatMap(({ view }) => (view instanceof MarkdownView && view.file ? view.file.path : []));
