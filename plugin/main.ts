/** The composition root: adapters, host, screens. It decides nothing. */
import { debounce, Notice, Platform, Plugin, type ObsidianProtocolData, type TFile } from 'obsidian';
import { features } from '../shared/features/index.ts';
import { sha256Hex, utf8 } from '../shared/kernel/bytes.ts';
import { createRegister } from '../shared/kernel/register.ts';
import { verifyBundle, verifySealedNote } from '../shared/proof/verify.ts';
import { createAttention } from './attention.ts';
import { breathe, deviceClock, unique } from './device/clock.ts';
import { createEditors } from './device/editors.ts';
import { httpLink } from './device/link.ts';
import { openBlobs } from './device/blobs.ts';
import { fileLink } from './device/file-link.ts';
import { derivePin, deviceRandom, deviceSecrets, digestOf } from './device/keys.ts';
import { deviceMemory, vaultId } from './device/memory.ts';
import { openNotes, platformName } from './device/surface.ts';
import { proseStore } from './device/prose-store.ts';
import { roomLines } from './device/rooms.ts';
import { deviceStores } from './device/stores.ts';
import { vaultFiles } from './device/vault-files.ts';
import { cacheReady, watchVault } from './device/watch.ts';
import { filesIn } from './bundles.ts';
import { createEvidence } from './evidence/evidence.ts';
import { createHost, type Host } from './host.ts';
import { createIdentity } from './identity.ts';
import { problemIn, type Reply } from './link.ts';
import { createPeople, type People, type PersonHere } from './people.ts';
import type { Held } from './replica.ts';
import { statusOf, type Status } from './status.ts';
import { BOARD, BoardView } from './ui/board.ts';
import { ChecklistModal } from './ui/checklist.ts';
import { addOwnCommands, addRegisterCommands, heldIn } from './ui/commands.ts';
import { askInForm } from './ui/perform.ts';
import { NO_SETTINGS, OperarySettings, settingsFrom, type Settings } from './ui/settings.ts';
import { TakeOverModal } from './ui/takeover.ts';
import { TrailModal, type TrailAnswer } from './ui/trail.ts';

const NOTICE_MS = 8000;
const TYPING = 500;
const TOKEN = 'operary-token';
const LOCKED = 'locked';
const isSelfProving = (text: string): boolean => /^%% operary:seal %%\r?$/m.test(text);

export default class OperaryPlugin extends Plugin {
  override settings: Settings = NO_SETTINGS;
  private host: Host | undefined;
  private readonly vocabulary = createRegister(features);
  private readonly attention = createAttention(
    () => Date.now(),
    (sentence) => void new Notice(sentence, NOTICE_MS),
  );
  private readonly account = () => ({ url: this.settings.url, token: this.token() });
  private readonly link = httpLink(this.account);
  private readonly memory = deviceMemory(this.app);
  private readonly identity = createIdentity({
    memory: this.memory,
    secrets: deviceSecrets(this.app, this.memory),
    random: deviceRandom,
    now: () => Date.now(),
    name: () => this.deviceName,
    platform: platformName(),
    person: () => this.people.active?.user,
  });
  private readonly people: People = createPeople({
    memory: this.memory,
    register: this.vocabulary,
    clock: deviceClock,
    linkAs: (token) => httpLink(() => ({ ...this.account(), token })),
    derive: derivePin,
    random: deviceRandom,
    unique,
    deviceId: () => this.identity.deviceId,
    organisation: () => this.host?.organisation,
    nameOf: (user) => this.host?.scribe.around().userName(user) ?? user,
    idleMinutes: () => this.settings.lockMinutes,
  });
  private readonly blobs = openBlobs(window.indexedDB, `operary-files-${vaultId(this.memory)}`);
  private readonly evidence = createEvidence({
    blobs: this.blobs,
    send: fileLink(this.account),
    clock: deviceClock,
    attention: this.attention,
    digest: digestOf,
  });
  private readonly editors = createEditors({
    isSealed: (path) => this.host?.notebook.isSealed(path) ?? false,
    isLive: (path) => this.host?.notebook.streamAt(path) !== undefined,
    isClosed: (path) => this.isClosed(path),
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
    addRegisterCommands(this, this.vocabulary, () => (this.people.isLocked ? undefined : this.host));
    addOwnCommands(this, () => this.host, {
      openBoard: () => void this.openBoard(),
      showStatus: () => void new Notice([this.status().words, this.status().detail].filter(Boolean).join('\n')),
      retry: () => this.connect(),
      restore: () => void new Notice(`${this.host?.notebook.restore() ?? 0} deleted notes are made again.`),
      verifySeal: (file) => void this.verifySeal(file),
      canVerify: (file) => this.isSealed(file),
      showTrail: (held) => void this.showTrail(held),
      takeOver: () => this.takeOver(),
      lock: () => this.people.lock(),
      mayLock: () => this.people.all.length > 1 && !this.people.isLocked,
    });
    for (const sign of ['pointerdown', 'keydown'] as const)
      this.registerDomEvent(document, sign, () => this.people.touched());
    this.people.onChange(() => {
      if (!this.people.refusal()) this.attention.dismiss(LOCKED);
      this.changed();
    });
    this.evidence.onChange(() => this.changed());
    this.registerDomEvent(window, 'online', () => this.wake());
    this.registerDomEvent(document, 'visibilitychange', () => document.visibilityState === 'visible' && this.wake());
    this.attention.onChange(() => this.changed());
    this.changed();
    this.app.workspace.onLayoutReady(() => void this.begin());
  }

  override onunload(): void {
    this.host?.stop();
    this.people.stop();
    this.evidence.stop();
    this.blobs.close();
  }

  override onExternalSettingsChange(): void {
    void this.loadData().then((data) => {
      this.settings = settingsFrom(data);
      this.startOverSoon();
    });
  }

  private async begin(): Promise<void> {
    await cacheReady(this);
    watchVault(
      this,
      () => this.host?.notebook,
      (paths) => this.host?.shown(paths),
    );
    void this.evidence.start();
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
      memory: this.memory,
      attention: this.attention,
      breathe,
      unique,
      identity: this.identity,
      people: this.people,
      evidence: this.evidence,
      texts: { lines: roomLines(() => this.settings.url), store: proseStore(this.memory) },
      ...deviceStores({
        app: this.app,
        folder: this.manifest.dir ?? `${this.app.vault.configDir}/plugins/${this.manifest.id}`,
        memory: this.memory,
        attention: this.attention,
        account: sha256Hex(utf8(`${this.settings.url} ${this.token()}`)),
      }),
      askPerson: (answer, path) => askInForm(this.app, host, answer, path),
    });
    host.onChange(() => this.changed());
    host.shown(openNotes(this.app));
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

  get deviceName(): string {
    return this.memory.get('device-name') ?? '';
  }

  set deviceName(name: string) {
    this.memory.set('device-name', name || undefined);
  }

  /** As this person, or as whoever they say they are. */
  takeOver(person?: PersonHere): void {
    new TakeOverModal(this.app, this.people, person).open();
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
    this.host?.wake();
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
      people: this.people,
      takeOver: (person?: PersonHere) => this.takeOver(person),
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

  /** While the device is locked, whoever types in a note is told why nothing comes of it. */
  private isClosed(path: string): boolean {
    const locked = this.people.refusal();
    if (locked) this.attention.tell(LOCKED, locked.detail);
    return this.host?.isClosed(path) ?? false;
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
