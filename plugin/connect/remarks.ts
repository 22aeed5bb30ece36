/** What a person should know about this vault before it is connected. */
import type { App } from 'obsidian';
import { ROOT } from '../notes/notebook.ts';
import { WELCOME } from './welcome.ts';
import { WORDS } from './words.ts';

/** Plugins that bring notes from elsewhere, by their ids. */
const SYNCS: Readonly<Record<string, string>> = {
  'obsidian-livesync': 'Self-hosted LiveSync',
  'remotely-save': 'Remotely Save',
  'remotely-sync': 'Remotely Sync',
  'obsidian-git': 'Git',
  'syncthing-integration': 'Syncthing',
  'system3-relay': 'Relay',
  yaos: 'YAOS',
};

/** What is not in the typings: it may be different, or not there. */
interface Inner {
  readonly internalPlugins?: {
    getEnabledPluginById?(id: string): { readonly vaultId?: unknown } | null | undefined;
  };
}

export async function remarksOn(app: App): Promise<readonly string[]> {
  const [count, syncs] = [foreignNotes(app), [...coreSync(app), ...(await pluginSyncs(app))]];
  return [...(count ? [WORDS.foreign(count)] : []), ...(syncs.length ? [WORDS.sync(syncs.join(', '))] : [])];
}

/** Where our folder belongs there is something else. */
export const isBlocked = ({ vault }: App): boolean => vault.getFileByPath(ROOT) !== null;

const foreignNotes = ({ vault, metadataCache }: App): number =>
  vault
    .getMarkdownFiles()
    .filter(
      (file) =>
        file.path.startsWith(`${ROOT}/`) &&
        file.path !== WELCOME &&
        metadataCache.getFileCache(file)?.frontmatter?.['operary_id'] === undefined,
    ).length;

/** Switched on it is in every vault; in use it knows its vault. */
function coreSync(app: App): readonly string[] {
  try {
    return (app as Inner).internalPlugins?.getEnabledPluginById?.('sync')?.vaultId ? ['Obsidian Sync'] : [];
  } catch {
    return [];
  }
}

async function pluginSyncs({ vault: { adapter, configDir } }: App): Promise<readonly string[]> {
  try {
    const enabled: unknown = JSON.parse(await adapter.read(`${configDir}/community-plugins.json`));
    return Array.isArray(enabled) ? enabled.flatMap((id) => SYNCS[String(id)] ?? []) : [];
  } catch {
    return [];
  }
}
