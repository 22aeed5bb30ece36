/** The composition root: adapters, host, screens. It decides nothing. */
import { debounce, Notice, Platform, Plugin, type ObsidianProtocolData, type TFile } from 'obsidian';
import { features } from '../shared/features/index.ts';
import { createRegister } from '../shared/kernel/register.ts';
import { verifyBundle, verifySealedNote } from '../shared/proof/verify.ts';
import { createAttention } from './attention.ts';
import { breathe, deviceClock, unique } from './device/clock.ts';
import { createEditors } from './device/editors.ts';
import { httpLink } from './device/link.ts';
import { deviceMemory } from './device/memory.ts';
import { vaultFiles } from './device/vault-files.ts';
import { cacheReady, watchVault } from './device/watch.ts';
import { filesIn } from './bundles.ts';
import { createHost, type Host } from './host.ts';
import { problemIn, type Reply } from './link.ts';
import type { Held } from './replica.ts';
import { statusOf, type Status } from './status.ts';
import { BOARD, BoardView } from './ui/board.ts';
import { ChecklistModal } from './ui/checklist.ts';
import { addOwnCommands, addRegisterCommands, heldIn } from './ui/commands.ts';
import { askInForm } from './ui/perform.ts';
import { NO_SETTINGS, OperarySettings, settingsFrom, type Settings } from './ui/settings.ts';
import { TrailModal, type TrailAnswer } from './ui/trail.ts';

const NOTICE_MS = 8000;
const TYPING = 500;
const TOKEN = 'operary-token';
const isSelfProving = (text: string): boolean => /^%% operary:seal %%\r?$/m.test(text);

export default class OperaryPlugin extends Plugin {
  override settings: Settings = NO_SETTINGS;
  private host: Host | undefined;
  private readonly vocabulary = createRegister(features);
  private readonly attention = createAttention(
    () => Date.now(),
    (sentence) => void new Notice(sentence, NOTICE_MS),
  );
  private readonly link = httpLink(() => ({ url: this.settings.url, token: this.token() }));
  private readonly editors = createEditors({
    isSealed: (path) => this.host?.notebook.isSealed(path) ?? false,
    isLive: (path) => this.host?.notebook.streamAt(path) !== undefined,
    becameQuiet: (path) => this.host?.notebook.noticed(path),
  });
  private statusItem: HTMLElement | undefined;
  private isReady = false;

  override async onload(): Promise<void> {
    this.settings = settingsFrom(await this.loadData());
    this.registerEditorExtension(this.editors.extension);
    this.registerView(BOARD, (leaf) => new BoardView(leaf, this.boardParts()));
    this.addSettingTab(new OperarySettings(this.app, this, this));
    this.addRibbonIcon('clipboard-list', 'Open shift board', () => void this.openBoard());
    if (!Platform.isMobile) this.statusItem = this.addStatusBarItem();
    this.statusItem?.addClass('operary-status', 'mod-clickable');
    if (this.statusItem) this.registerDomEvent(this.statusItem, 'click', () => void this.openBoard());
    this.registerObsidianProtocolHandler('operary', (data) => void this.pair(data));
    addRegisterCommands(this, this.vocabulary, () => this.host);
    addOwnCommands(this, () => this.host, {
      openBoard: () => void this.openBoard(),
      showStatus: () => void new Notice([this.status().words, this.status().detail].filter(Boolean).join('\n')),
      retry: () => this.connect(),
      restore: () => void new Notice(`${this.host?.notebook.restore() ?? 0} deleted notes are made again.`),
      verifySeal: (file) => void this.verifySeal(file),
      canVerify: (file) => this.isSealed(file),
      showTrail: (held) => void this.showTrail(held),
    });
    this.registerDomEvent(window, 'online', () => this.wake());
    this.registerDomEvent(document, 'visibilitychange', () => document.visibilityState === 'visible' && this.wake());
    this.attention.onChange(() => this.changed());
    this.changed();
    this.app.workspace.onLayoutReady(() => void this.begin());
  }

  override onunload(): void {
    this.host?.stop();
  }

  override onExternalSettingsChange(): void {
    void this.loadData().then((data) => {
      this.settings = settingsFrom(data);
      this.startOverSoon();
    });
  }

  private async begin(): Promise<void> {
    await cacheReady(this);
    watchVault(this, () => this.host?.notebook);
    this.isReady = true;
    if (this.settings.url && this.token()) this.connect();
  }

  /** Also from the settings: with whatever is entered now. */
  connect(): void {
    if (!this.isReady) return;
    this.host ??= this.makeHost();
    if (this.settings.url && this.token()) this.host.connection.retryNow();
    this.changed();
  }

  private makeHost(): Host {
    const host = createHost({
      register: this.vocabulary,
      link: this.link,
      clock: deviceClock,
      files: vaultFiles(this.app, this.editors),
      memory: deviceMemory(this.app),
      attention: this.attention,
      breathe,
      unique,
      askPerson: (answer, path) => askInForm(this.app, host, answer, path),
    });
    host.onChange(() => this.changed());
    return host;
  }

  /** Another account may not see what the last one saw: everything starts over. */
  private startOver(): void {
    this.host?.stop();
    this.host = undefined;
    this.connect();
  }

  /** Not with every letter of an address. */
  private readonly startOverSoon = debounce(() => this.startOver(), TYPING, true);

  async change(settings: Partial<Settings>): Promise<void> {
    this.settings = { ...this.settings, ...settings };
    await this.saveData(this.settings);
    if ('url' in settings || 'secret' in settings) this.startOverSoon();
  }

  private token(): string {
    return this.settings.secret ? (this.app.secretStorage.getSecret(this.settings.secret) ?? '') : '';
  }

  /** `obsidian://operary?url=…&token=…`, as an admin's page or a QR code gives it. */
  private async pair({ url, token }: ObsidianProtocolData): Promise<void> {
    if (!url || !token) return;
    this.app.secretStorage.setSecret(TOKEN, token);
    this.settings = { ...this.settings, url: url.replace(/\/+$/, ''), secret: TOKEN };
    await this.saveData(this.settings);
    this.startOver();
    new Notice(`Paired with ${url}.`);
  }

  private wake(): void {
    this.host?.connection.wake();
  }

  readonly status = (): Status =>
    statusOf(this.host, this.attention.all.length, (at) => new Date(at).toTimeString().slice(0, 5));

  private changed(): void {
    const { words, kind } = this.status();
    this.statusItem?.setText(words);
    if (this.statusItem) this.statusItem.dataset['operary'] = kind;
    for (const leaf of this.app.workspace.getLeavesOfType(BOARD))
      if (leaf.view instanceof BoardView) leaf.view.changed();
  }

  private boardParts() {
    return {
      host: () => this.host,
      attention: this.attention,
      status: this.status,
      retry: () => this.connect(),
      openSettings: () => void new Notice('Open this plugin in the settings.'),
    };
  }

  private async openBoard(): Promise<void> {
    const { workspace } = this.app;
    const leaf = workspace.getLeavesOfType(BOARD)[0] ?? workspace.getRightLeaf(false);
    if (!leaf) return;
    await leaf.setViewState({ type: BOARD, active: true });
    await workspace.revealLeaf(leaf);
  }

  /** The sealed note proves itself; beside it, what the server's evidence bundle holds is checked. */
  private async verifySeal(file: TFile): Promise<void> {
    const known = this.settings.root ? { root: this.settings.root } : {};
    const text = await this.app.vault.read(file);
    if (isSelfProving(text)) return new ChecklistModal(this.app, verifySealedNote(text, known)).open();
    const held = this.host && heldIn(this.host, file);
    if (!held) return;
    const reply = await this.ask(`/v1/${this.vocabulary.byKind.get(held.kind)!.name}/${held.id}/bundle`);
    if (reply) new ChecklistModal(this.app, verifyBundle(filesIn(reply.bytes), known)).open();
  }

  private isSealed(file: TFile): boolean {
    if (this.host?.notebook.isSealed(file.path)) return true;
    const held = this.host && heldIn(this.host, file);
    return Boolean(held && this.vocabulary.byKind.get(held.kind)?.sealed?.(held.state));
  }

  private async showTrail({ kind, id }: Held): Promise<void> {
    const reply = await this.ask(`/v1/${this.vocabulary.byKind.get(kind)!.name}/${id}/trail`);
    if (reply && this.host) new TrailModal(this.app, this.host, reply.json as TrailAnswer).open();
  }

  /** `undefined` when there is nothing to show; the person has been told why. */
  private async ask(path: string): Promise<Reply | undefined> {
    try {
      const reply = await this.link.request('GET', path);
      if (reply.status === 200) return reply;
      new Notice(problemIn(reply).detail, NOTICE_MS);
    } catch {
      new Notice('The server cannot be reached. Try again when the connection is back.', NOTICE_MS);
    }
    return undefined;
  }
}
