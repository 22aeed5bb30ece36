/** "Fetch older shift": picks one of those whose notes this vault does not hold, and has them made. */
import { Notice, SuggestModal, type App, type Plugin } from 'obsidian';
import type { Host } from '../host.ts';
import type { Past } from '../past.ts';

type Older = ReturnType<Past['all']>[number];

const MOST = 100;
const NOTICE_MS = 8000;

class OlderModal extends SuggestModal<Older> {
  private readonly all: readonly Older[];
  private readonly chosen: (older: Older) => void;

  constructor(app: App, all: readonly Older[], chosen: (older: Older) => void) {
    super(app);
    this.all = all;
    this.chosen = chosen;
    this.emptyStateText = all.length ? 'No older shift is called so.' : 'Every shift has its notes in this vault.';
    this.setPlaceholder('Date or area, such as 2026-03 packaging');
  }

  override getSuggestions(query: string): Older[] {
    const words = query.toLowerCase().split(/\s+/);
    return this.all.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word))).slice(0, MOST);
  }

  override renderSuggestion({ name }: Older, el: HTMLElement): void {
    el.setText(name);
  }

  override onChooseSuggestion(older: Older): void {
    this.chosen(older);
  }
}

export function addOlderCommand(plugin: Plugin, host: () => Host | undefined): void {
  const { app } = plugin;
  async function fetch(host: Host, { name, held }: Older): Promise<void> {
    const path = await host.fetchPast(held);
    const file = path === undefined ? null : app.vault.getFileByPath(path);
    if (file) await app.workspace.getLeaf(false).openFile(file);
    if (host.connection.state.kind !== 'live')
      new Notice(`The sealed record of ${name} comes when the server can be reached.`, NOTICE_MS);
  }
  plugin.addCommand({
    id: 'fetch-older-shift',
    name: 'Fetch older shift',
    checkCallback: (isAsking) => {
      const current = host();
      if (current?.organisation === undefined) return false;
      if (!isAsking) new OlderModal(app, current.past.all(), (older) => void fetch(current, older)).open();
      return true;
    },
  });
}
