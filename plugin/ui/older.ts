/** "Fetch older shift": picks one of those whose notes this vault does not hold, and has them made. */
import { Notice, SuggestModal, type App, type Plugin } from 'obsidian';
import type { Host } from '../host.ts';
import type { Past } from '../past.ts';
import { commandsWords, olderWords } from '../words/index.ts';
import { say } from './say.ts';

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
    this.emptyStateText = all.length ? olderWords.none : olderWords.allHere;
    this.setPlaceholder(olderWords.hint);
  }

  override getSuggestions(query: string): Older[] {
    const words = query.toLowerCase().split(/\s+/);
    return this.all.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word))).slice(0, MOST);
  }

  override renderSuggestion({ name }: Older, el: HTMLElement): void {
    say(el, name);
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
    if (host.connection.state.kind !== 'live') new Notice(olderWords.later(name), NOTICE_MS);
  }
  plugin.addCommand({
    id: 'fetch-older-shift',
    name: commandsWords.fetchOlder,
    checkCallback: (isAsking) => {
      const current = host();
      if (current?.organisation === undefined) return false;
      if (!isAsking) new OlderModal(app, current.past.all(), (older) => void fetch(current, older)).open();
      return true;
    },
  });
}
