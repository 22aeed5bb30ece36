/** What a person should know about this vault before it is connected. */
import type { App } from 'obsidian';
import { ROOT } from '../notes/notebook.ts';
import { WELCOME } from './welcome.ts';
import { connectWords } from '../words/index.ts';

const SYNCS: Readonly<Record<string, string>> = connectWords.programs;

/** What is not in the typings: it may be different, or not there. */
interface Inner {
  readonly internalPlugins?: {
    getEnabledPluginById?(id: string): { readonly vaultId?: unknown } | null | undefined;
  };
}

/** `isOfPlant`: this vault belongs to a plant already, whose notes are expected. */
export async function remarksOn(app: App, isOfPlant = true): Promise<readonly string[]> {
  const [count, earlier] = [notesIn(app, false), isOfPlant ? 0 : notesIn(app, true)];
  const syncs = [...coreSync(app), ...(await pluginSyncs(app))];
  return [
    ...(count ? [connectWords.foreign(count)] : []),
    ...(earlier ? [connectWords.earlier(earlier)] : []),
    ...(syncs.length ? [connectWords.sync(syncs.join(', '))] : []),
  ];
}

/** Where our folder belongs there is something else: what it is, and the cure. Some systems take `operary` for the same, others do not. */
export function blockedBy({ vault }: App): string | undefined {
  const found = vault.getRoot().children.find(({ name }) => name.toLowerCase() === ROOT.toLowerCase());
  if (vault.getFileByPath(ROOT)) return connectWords.isFile;
  return !found || vault.getFolderByPath(ROOT) ? undefined : connectWords.otherCase(found.name);
}

const notesIn = ({ vault, metadataCache }: App, isOurs: boolean): number =>
  vault
    .getMarkdownFiles()
    .filter(
      (file) =>
        file.path.startsWith(`${ROOT}/`) &&
        file.path !== WELCOME &&
        (metadataCache.getFileCache(file)?.frontmatter?.['operary_id'] !== undefined) === isOurs,
    ).length;

/** Switched on it is in every vault; in use it knows its vault. */
function coreSync(app: App): readonly string[] {
  try {
    return (app as Inner).internalPlugins?.getEnabledPluginById?.('sync')?.vaultId ? [connectWords.obsidianSync] : [];
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
