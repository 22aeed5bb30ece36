/**
 * The page's script: obsidian-test-mocks with its stateful half replaced by ours. The mocks' own classes that extend
 * a replaced one extend ours, because the replacement happens where they import it.
 */
import { build, type Plugin } from 'esbuild';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const runtime = join(dirname(fileURLToPath(import.meta.url)), 'runtime');
const mocks = join(dirname(createRequire(import.meta.url).resolve('obsidian-test-mocks/obsidian')), '..', '..', 'esm');

/** Which file of ours gives which name of the `obsidian` module. */
const replacements: Record<string, string> = {
  'adapter-kinds': 'FileSystemAdapter CapacitorAdapter',
  app: 'App',
  bases: 'BasesEntry BasesEntryGroup BasesQueryResult BasesView BasesViewConfig QueryController',
  'choice-controls':
    'ToggleComponent DropdownComponent SliderComponent ProgressBarComponent ColorComponent SecretComponent',
  component: 'Component Events MarkdownRenderChild',
  controls:
    'BaseComponent ValueComponent AbstractTextComponent TextComponent TextAreaComponent SearchComponent MomentFormatComponent ButtonComponent ExtraButtonComponent DisplayValueComponent',
  editor: 'Editor',
  'editor-suggest': 'EditorSuggest',
  'editor-fields': 'editorInfoField editorViewField editorEditorField editorLivePreviewField livePreviewState',
  'file-manager': 'FileManager',
  files: 'TAbstractFile TFile TFolder',
  frontmatter: 'getFrontMatterInfo',
  functions:
    'normalizePath parseYaml stringifyYaml debounce Platform apiVersion requireApiVersion setTooltip sanitizeHTMLToDom getLanguage',
  icons: 'getIcon setIcon addIcon removeIcon getIconIds',
  'input-suggest': 'PopoverSuggest AbstractInputSuggest',
  leaf: 'WorkspaceLeaf',
  'markdown-view': 'MarkdownView',
  menu: 'Menu MenuItem MenuSeparator',
  'metadata-cache': 'MetadataCache',
  modal: 'Modal ConfirmationModal ConfirmationButton',
  notice: 'Notice',
  plugin: 'Plugin',
  'preview-view': 'MarkdownPreviewView',
  prompt: 'SuggestModal FuzzySuggestModal',
  renderer: 'MarkdownRenderer MarkdownPreviewRenderer',
  'request-url': 'requestUrl request',
  scope: 'Scope Keymap',
  secrets: 'SecretStorage',
  setting: 'Setting SettingGroup',
  'setting-tab': 'SettingTab PluginSettingTab',
  vault: 'Vault',
  'text-file-view': 'TextFileView',
  view: 'View ItemView FileView EditableFileView',
  workspace: 'Workspace',
  'workspace-items':
    'WorkspaceItem WorkspaceParent WorkspaceSplit WorkspaceTabs WorkspaceFloating WorkspaceContainer WorkspaceRoot WorkspaceWindow WorkspaceRibbon WorkspaceSidedock WorkspaceMobileDrawer',
};
const fileByName = new Map(
  Object.entries(replacements).flatMap(([file, names]) => names.split(' ').map((name) => [name, file] as const)),
);

const stubs: Record<string, string> = {
  // The mocks' proxies would also guard the plugin's own classes; ours guard what Obsidian owns (runtime/strict.ts).
  'strict-proxy': 'export const strictProxy = (value) => value; export const bypassStrictProxy = (value) => value;',
  'post-setup': ['html-element', 'node', 'ui-event']
    .map((part) => `export * from ${JSON.stringify(join(mocks, 'globals', `${part}-setup.mjs`))};`)
    .concat('export const postSetup = () => undefined, postTeardown = () => undefined;')
    .join('\n'),
};

const replace: Plugin = {
  name: 'obsidian stand-in',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^mocks:/ }, ({ path }) => ({
      path: join(mocks, `${path.slice('mocks:'.length)}.mjs`),
    }));
    esbuild.onResolve({ filter: /^\.\.?\/.*\.mjs$/ }, ({ path, importer }) => {
      if (!importer.startsWith(mocks)) return undefined;
      const name = path.replace(/^.*\//, '').replace(/\.mjs$/, '');
      if (name in stubs) return { path: name, namespace: 'stub' };
      return fileByName.has(name) ? { path: name, namespace: 'replaced' } : undefined;
    });
    esbuild.onLoad({ filter: /.*/, namespace: 'stub' }, ({ path }) => ({
      contents: stubs[path] ?? '',
      resolveDir: mocks,
    }));
    esbuild.onLoad({ filter: /.*/, namespace: 'replaced' }, ({ path }) => ({
      contents: `export { ${path} } from ${JSON.stringify(join(runtime, `${fileByName.get(path) ?? ''}.ts`))};`,
      resolveDir: runtime,
    }));
  },
};

export interface PageFiles {
  readonly script: string;
  readonly styles: string;
}

let built: Promise<PageFiles> | undefined;

/** Built once per process. */
export function pageFiles(): Promise<PageFiles> {
  built ??= buildPage();
  return built;
}

async function buildPage(): Promise<PageFiles> {
  const result = await build({
    entryPoints: [join(runtime, 'page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    platform: 'browser',
    keepNames: false,
    logLevel: 'error',
    plugins: [replace],
  });
  const sheets = [
    'theme',
    'shell',
    'docks',
    'note',
    'properties',
    'bases',
    'rendered',
    'editor',
    'controls',
    'modal',
    'settings',
    'phone',
  ];
  const styles = await Promise.all(sheets.map((sheet) => readFile(join(runtime, 'styles', `${sheet}.css`), 'utf8')));
  return { script: result.outputFiles[0]?.text ?? '', styles: styles.join('\n') };
}
