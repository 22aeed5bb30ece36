/** A small plugin in the form of a release folder, to prove the harness without any of Operary in it. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VaultClient } from './client.ts';

const manifest = {
  id: 'sample',
  name: 'Sample',
  version: '1.0.0',
  minAppVersion: '1.13.0',
  description: 'Proves the harness.',
  author: 'Operary',
};

const main = String.raw`
const obsidian = require('obsidian');
const { EditorState } = require('@codemirror/state');

const guard = EditorState.changeFilter.of((transaction) => {
  if (transaction.isUserEvent('set')) return true;
  const text = transaction.startState.doc.toString();
  const from = text.indexOf('%% guarded %%');
  const to = text.indexOf('%% /guarded %%');
  return from < 0 || to < 0 ? true : [from, to + '%% /guarded %%'.length];
});

class SampleModal extends obsidian.Modal {
  onOpen() {
    this.setTitle('Say it');
    let text = '';
    new obsidian.Setting(this.contentEl).setName('Text').addText((input) => input.onChange((value) => (text = value)));
    new obsidian.Setting(this.contentEl).addButton((button) =>
      button.setButtonText('Say').setCta().onClick(() => { this.close(); new obsidian.Notice(text); }));
  }
}

class SampleView extends obsidian.ItemView {
  getViewType() { return 'sample-view'; }
  getDisplayText() { return 'Sample view'; }
  getIcon() { return 'list'; }
  async onOpen() { this.contentEl.createEl('p', { text: 'A view at the side' }); }
}

class SampleTab extends obsidian.PluginSettingTab {
  getSettingDefinitions() {
    return [
      { name: 'Server', control: { type: 'text', key: 'server', validate: (v) => (v.startsWith('http') ? undefined : 'Not an address') } },
      { name: 'Loud', desc: 'Shouts.', control: { type: 'toggle', key: 'loud', defaultValue: false } },
      { type: 'group', heading: 'More', items: [
        { name: 'Volume', visible: () => this.plugin.settings.loud, control: { type: 'number', key: 'volume', defaultValue: 3 } },
        { name: 'Reset', action: () => new obsidian.Notice('reset') },
      ] },
    ];
  }
  constructor(app, plugin) { super(app, plugin); this.plugin = plugin; }
}

class Panel extends obsidian.MarkdownRenderChild {
  constructor(el, source, log) { super(el); this.source = source; this.log = log; }
  onload() { this.log.push('load ' + this.source); this.containerEl.createDiv({ cls: 'sample-panel', text: 'Panel: ' + this.source }); }
  onunload() { this.log.push('unload ' + this.source); }
}

module.exports = class SamplePlugin extends obsidian.Plugin {
  async onload() {
    this.seen = [];
    this.settings = Object.assign({ server: '', loud: false }, await this.loadData());
    this.filesAtLoad = this.app.vault.getFiles().length;
    this.status = this.addStatusBarItem();
    this.status.setText('Sample ready');
    this.addRibbonIcon('list', 'Sample view', () => this.showView());
    this.addCommand({ id: 'say', name: 'Say something', callback: () => new SampleModal(this.app).open() });
    this.addCommand({ id: 'when-note', name: 'Only with a note', checkCallback: (checking) => {
      const file = this.app.workspace.getActiveFile();
      if (!file) return false;
      if (!checking) new obsidian.Notice('note ' + file.basename);
      return true;
    } });
    this.addCommand({ id: 'show-view', name: 'Show view', callback: () => this.showView() });
    this.addCommand({ id: 'mobile', name: 'On a phone', mobileOnly: true, callback: () => {} });
    this.addCommand({ id: 'leak', name: 'Leak', callback: () => {
      window.setInterval(() => {}, 1000);
      this.app.vault.on('modify', () => {});
      document.addEventListener('click', () => {});
      document.body.createDiv('lost');
    } });
    this.registerView('sample-view', (leaf) => new SampleView(leaf));
    this.registerEditorExtension(guard);
    this.registerMarkdownCodeBlockProcessor('sample', (source, el, ctx) => ctx.addChild(new Panel(el, source, this.seen)));
    this.registerMarkdownPostProcessor((el) => el.querySelectorAll('em').forEach((em) => em.addClass('sample-em')));
    this.registerObsidianProtocolHandler('sample', (params) => void this.seen.push('protocol ' + params.code));
    this.registerEvent(this.app.vault.on('create', (file) => this.seen.push((this.app.workspace.layoutReady ? 'create ' : 'storm ') + file.path)));
    this.app.workspace.onLayoutReady(() => {
      this.seen.push('ready');
      for (const name of ['modify', 'delete']) this.registerEvent(this.app.vault.on(name, (file) => this.seen.push(name + ' ' + file.path)));
      this.registerEvent(this.app.vault.on('rename', (file, old) => this.seen.push('rename ' + old + ' to ' + file.path)));
    });
    this.registerEvent(this.app.metadataCache.on('changed', (file, data, cache) => this.seen.push('changed ' + file.path + ' ' + (cache.frontmatter ? cache.frontmatter.status : '-'))));
    this.registerInterval(window.setInterval(() => {}, 1000));
    this.registerDomEvent(document, 'visibilitychange', () => {});
    this.addSettingTab(new SampleTab(this.app, this));
  }
  showView() { return this.app.workspace.ensureSideLeaf('sample-view', 'right', { active: true }); }
};
`;

export async function sampleRelease(changes: { main?: string; manifest?: object } = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sample-plugin-'));
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, ...changes.manifest }));
  await writeFile(join(folder, 'main.js'), changes.main ?? main);
  await writeFile(join(folder, 'styles.css'), '.sample-panel { color: var(--text-muted); }');
  return folder;
}

/** What the plugin wrote down. */
export const seen = (vault: VaultClient): Promise<string[]> =>
  vault.page.evaluate(() => (window.harness.plugin() as unknown as { seen: string[] }).seen);

export const shiftNote = `---
status: open
---
# Early

free text
%% guarded %%
- 06:02 generated
%% /guarded %%
after

- [ ] grease [[Conveyor]]
- [x] check oil

\`\`\`sample
one
\`\`\`
`;
