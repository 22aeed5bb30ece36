/** The composition root: adapters, host, screens. It decides nothing. */
import { debounce, Notice, Platform, Plugin, type ObsidianProtocolData } from 'obsidian';
import { features } from '../shared/features/index.ts';
import { sha256Hex, utf8 } from '../shared/kernel/bytes.ts';
import { createRegister } from '../shared/kernel/register.ts';
import { createAttention } from './attention.ts';
import { bundleStore } from './device/bundle-store.ts';
import { breathe, deviceClock, unique } from './device/clock.ts';
import { createEditors } from './device/editors.ts';
import { exportInto } from './device/exports.ts';
import { httpLink, type Account } from './device/link.ts';
import { fileLink } from './device/file-link.ts';
import { keptFiles } from './device/kept-files.ts';
import { derivePin, deviceRandom, deviceSecrets } from './device/keys.ts';
import { deviceMemory } from './device/memory.ts';
import { photoFiles } from './device/photo-files.ts';
import { openNotes, platformName } from './device/surface.ts';
import { proseStore } from './device/prose-store.ts';
import { roomLines } from './device/rooms.ts';
import { deviceStores } from './device/stores.ts';
import { vaultFiles } from './device/vault-files.ts';
import { cacheReady, watchVault } from './device/watch.ts';
import type { SendBytes } from './evidence/ports.ts';
import { templatesIn } from './handover/templates.ts';
import { createHost, type Host } from './host.ts';
import { createIdentity } from './identity.ts';
import { createJoining } from './joining.ts';
import { CLOCK_OFFSET } from './outbox/offset.ts';
import { createPeople, type People, type PersonHere } from './people.ts';
import { fetchesPhotos } from './photos.ts';
import { scannedIn } from './scanned.ts';
import { statusOf, type Status } from './status.ts';
import { creations } from './verbs.ts';
import { addBasesBoard } from './ui/bases-board.ts';
import { BOARD, BoardView, openLinked } from './ui/board.ts';
import { createAudit } from './ui/audit.ts';
import { addOwnCommands, addRegisterCommands } from './ui/commands.ts';
import { askInForm, perform } from './ui/perform.ts';
import { NO_SETTINGS, OperarySettings, settingsFrom, type Settings } from './ui/settings.ts';
import { createItemMenus } from './ui/item-menu.ts';
import { createShownPhotos } from './ui/show-photos.ts';
import { TakeOverModal } from './ui/takeover.ts';
import { addOlderCommand } from './ui/older.ts';
import { easeReading } from './ui/reading.ts';
import { copyDiagnostics } from './ui/copy-diagnostics.ts';
import { createPictures } from './ui/pictures.ts';
import { Suggestions } from './ui/suggest.ts';
import { commandsWords, connectionWords, connectWords } from './words/index.ts';

const NOTICE_MS = 8000;
const TYPING = 500;
const TOKEN = 'operary-token';
const LOCKED = 'locked';

export default class OperaryPlugin extends Plugin {
  override settings: Settings = NO_SETTINGS;
  private host: Host | undefined;
  private readonly vocabulary = createRegister(features);
  private readonly attention = createAttention(
    () => Date.now(),
    (sentence) => void new Notice(sentence, NOTICE_MS),
  );
  /** Of the host that runs now: what is entered counts from the next one on. */
  private current: Account = { url: '', token: '' };
  private readonly account = () => this.current;
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
  /** To the plant that they were taken for, once it has answered. */
  private readonly sendFile: SendBytes = (...request) =>
    this.host?.isAtPlant ? fileLink(this.account)(...request) : Promise.reject(new Error(connectionWords.noAnswer));
  private files = keptFiles(this.memory, this.sendFile, this.attention, () => this.changed());
  private readonly editors = createEditors({
    isSealed: (path) => this.host?.notebook.isSealed(path) ?? false,
    isLive: (path) => this.host?.notebook.streamAt(path) !== undefined,
    isClosed: (path) => this.isClosed(path),
    becameQuiet: (path) => this.host?.notebook.noticed(path),
  });
  private readonly notes = vaultFiles(this.app, this.editors);
  readonly joining = createJoining({
    app: this.app,
    memory: this.memory,
    identity: this.identity,
    files: this.notes,
    version: this.manifest.version,
    linkTo: (url, token) => httpLink(() => ({ url, token })),
    settings: () => this.settings,
    isConnected: () => this.isConnected,
    isLocked: () => this.people.isLocked,
    host: () => this.host,
    become: (settings, token) => this.become(settings, token),
  });
  private tab: OperarySettings | undefined;
  private readonly pictures = createPictures({
    ...{ app: this.app, link: this.link, memory: this.memory, files: this.notes, attention: this.attention },
    ...{ clock: deviceClock, register: this.vocabulary, host: () => this.host, changed: () => this.changed() },
  });
  private readonly photos = createShownPhotos({
    ...{ app: this.app, files: photoFiles(this.app), memory: this.memory },
    ...{ host: () => this.host, evidence: () => this.files.evidence },
    isWanted: () => fetchesPhotos(this.settings.photos, Platform.isMobile),
  });
  private readonly audit = createAudit({
    ...{ app: this.app, link: this.link, memory: this.memory, files: this.notes, clock: deviceClock },
    ...{ register: this.vocabulary, host: () => this.host, changed: () => this.changed() },
    ...{ store: bundleStore(this.memory), exportFile: exportInto(this.app), root: () => this.settings.root },
    pastDays: () => this.settings.pastDays,
    enterRoot: (root) => this.change({ root }),
  });
  private readonly menus = createItemMenus({
    ...{ app: this.app, host: () => this.host, isLocked: () => this.people.isLocked },
    ...{ templates: () => this.templates(), showTrail: this.pictures.showTrail, showPhotos: this.photos.showPhotos },
  });
  private statusItem: HTMLElement | undefined;
  private isReady = false;
  private scanned: string | undefined;

  override async onload(): Promise<void> {
    this.settings = settingsFrom(await this.loadData());
    this.registerEditorExtension(this.editors.extension);
    this.registerView(BOARD, (leaf) => new BoardView(leaf, this.boardParts()));
    addBasesBoard(this);
    this.addSettingTab((this.tab = new OperarySettings(this.app, this, this)));
    this.addRibbonIcon('clipboard-list', commandsWords.board, () =>
      this.isConnected ? void this.openBoard() : this.joining.open(),
    );
    this.addRibbonIcon('alert-triangle', commandsWords.report, () => this.report());
    if (!Platform.isMobile) this.statusItem = this.addStatusBarItem();
    this.statusItem?.addClass('operary-status', 'mod-clickable');
    if (this.statusItem) this.registerDomEvent(this.statusItem, 'click', () => void this.openBoard());
    this.registerObsidianProtocolHandler('operary', (data) => this.follow(data));
    this.joining.addCommands(this);
    addOlderCommand(this, () => this.host);
    easeReading(this);
    const whoever = (): Host | undefined => (this.people.isLocked ? undefined : this.host);
    addRegisterCommands(this, this.vocabulary, whoever, this.templates);
    this.registerEditorSuggest(new Suggestions(this.app, whoever, this.templates));
    addOwnCommands(this, () => this.host, {
      openBoard: () => void this.openBoard().then((board) => board?.enter()),
      showStatus: () => void new Notice([this.status().words, this.status().detail].filter(Boolean).join('\n')),
      retry: () => this.connect(),
      ...this.pictures,
      ...this.photos,
      copyDiagnostics: () => this.copyDiagnostics(),
      takeOver: () => this.takeOver(),
      lock: () => this.people.lock(),
      mayLock: () => this.people.all.length > 1 && !this.people.isLocked,
    });
    this.audit.start(this);
    this.menus.start(this);
    for (const sign of ['pointerdown', 'keydown'] as const)
      this.registerDomEvent(document, sign, () => this.people.touched());
    this.people.onChange(() => {
      if (!this.people.refusal()) this.attention.dismiss(LOCKED);
      this.changed();
    });
    this.registerDomEvent(window, 'online', () => this.wake());
    this.registerDomEvent(document, 'visibilitychange', () => document.visibilityState === 'visible' && this.wake());
    this.attention.onChange(() => this.changed());
    this.changed();
    this.app.workspace.onLayoutReady(() => void this.begin());
  }

  override onunload(): void {
    this.host?.stop();
    this.people.stop();
    this.pictures.stop();
    this.files.stop();
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
      (paths) => {
        this.host?.shown(paths);
        this.photos.keepPhotos(paths);
      },
    );
    void this.files.evidence.start();
    this.isReady = true;
    this.connect();
  }

  /** Also from the settings: with whatever is entered now. */
  connect(): void {
    if (!this.isReady) return;
    const [url, token] = [this.settings.url, this.token()];
    if (url !== this.current.url || token !== this.current.token) this.halt();
    this.current = { url, token };
    if (this.isConnected) (this.host ??= this.makeHost()).connection.retryNow();
    this.changed();
  }

  private makeHost(): Host {
    const account = this.current;
    const host = createHost({
      register: this.vocabulary,
      link: httpLink(() => account),
      clock: deviceClock,
      files: this.notes,
      memory: this.memory,
      attention: this.attention,
      breathe,
      unique,
      identity: this.identity,
      people: this.people,
      evidence: this.files.evidence,
      texts: { lines: roomLines(() => account.url), store: proseStore(this.memory) },
      ...deviceStores({
        app: this.app,
        folder: this.manifest.dir ?? `${this.app.vault.configDir}/plugins/${this.manifest.id}`,
        memory: this.memory,
        attention: this.attention,
        account: sha256Hex(utf8(`${account.url} ${account.token}`)),
      }),
      pastDays: () => this.settings.pastDays,
      askPerson: (answer, path) => askInForm(this.app, host, answer, path),
    });
    host.onChange(() => {
      this.changed();
      this.photos.keepPhotos(openNotes(this.app));
    });
    host.shown(openNotes(this.app));
    return host;
  }

  /** Another account may not see what the last one saw: everything starts over. */
  private startOver(): void {
    this.halt();
    this.connect();
  }

  private halt(): void {
    this.host?.stop();
    this.host = undefined;
  }

  /** Not with every letter of an address. */
  private readonly startOverSoon = debounce(() => this.startOver(), TYPING, true);

  async change(settings: Partial<Settings>): Promise<void> {
    this.settings = { ...this.settings, ...settings };
    await this.saveData(this.settings);
    if ('url' in settings || 'secret' in settings || 'pastDays' in settings) this.startOverSoon();
  }

  get waiting(): number {
    return this.host?.waiting ?? 0;
  }

  get zone(): string | undefined {
    return this.host?.organisation === undefined ? undefined : this.host.scribe.organisation.zone;
  }

  copyDiagnostics(): void {
    copyDiagnostics(this.app, {
      ...{ version: this.manifest.version, platform: platformName(), settings: this.settings, host: this.host },
      ...{ deviceId: this.identity.deviceId, concerns: this.attention.all, offset: this.memory.get(CLOCK_OFFSET) },
      bundles: this.audit.taken(),
    });
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

  get isConnected(): boolean {
    return Boolean(this.settings.url && this.token());
  }

  /** `obsidian://operary?url=…&code=…`, as an admin's page or a QR code gives it; `?equipment=…`, as it stands on a machine; `?item=…`, as a notice names it. */
  private follow({ url = '', code = '', token = '', equipment, item }: ObsidianProtocolData): void {
    if (item !== undefined && !url) return void openLinked(this.app, () => this.host, item);
    if (equipment !== undefined && !url) return this.report(equipment);
    this.joining.open({ address: url, code: code || token }, true);
  }

  /** With another token, and the stores of another plant. */
  private async become(settings: Partial<Settings>, token: string): Promise<void> {
    this.app.secretStorage.setSecret(TOKEN, token);
    this.settings = { ...this.settings, ...settings, secret: token && TOKEN };
    await this.saveData(this.settings);
    this.files.stop();
    this.files = keptFiles(this.memory, this.sendFile, this.attention, () => this.changed());
    if (this.isReady) void this.files.evidence.start();
    this.startOver();
    this.tab?.update();
  }

  private wake(): void {
    this.host?.wake();
  }

  readonly status = (): Status =>
    statusOf(this.host, this.attention.all.length, (at) => new Date(at).toTimeString().slice(0, 5));

  private changed(): void {
    if (this.scanned !== undefined && this.host?.me) this.report(this.scanned);
    this.pictures.keep();
    this.audit.moved();
    this.menus.refresh();
    const { words, kind } = this.status();
    this.statusItem?.setText(words);
    if (this.statusItem) this.statusItem.dataset['operary'] = kind;
    for (const leaf of this.app.workspace.getLeavesOfType(BOARD))
      if (leaf.view instanceof BoardView) leaf.view.changed();
  }

  private readonly templates = () => templatesIn(this.settings.templates);

  private boardParts() {
    return {
      host: () => this.host,
      memory: this.memory,
      attention: this.attention,
      people: this.people,
      takeOver: (person?: PersonHere) => this.takeOver(person),
      status: this.status,
      retry: () => this.connect(),
      connect: () => this.joining.open(),
      templates: this.templates,
      ...this.pictures,
      fillMenu: this.menus.fill,
      audit: this.audit,
    };
  }

  /** The shortest way to say that something is there to be done; at this equipment, once it is known here who says it. */
  private report(equipment?: string): void {
    const { host } = this;
    this.scanned = this.isConnected && !host?.me ? equipment : undefined;
    if (this.scanned !== undefined) return;
    const [entry] = host && !this.people.isLocked ? creations(host.register, host.me) : [];
    const known = host && equipment !== undefined ? scannedIn(host, equipment) : undefined;
    if (typeof known === 'string') return void new Notice(known, NOTICE_MS);
    if (host && entry?.word.brief !== undefined) return perform(this.app, host, entry, undefined, [], known);
    if (!this.isConnected) return this.joining.open();
    const mayNot = host?.me ? connectWords.noReport : undefined;
    new Notice(this.people.refusal()?.detail ?? mayNot ?? (this.status().detail || this.status().words), NOTICE_MS);
  }

  private async openBoard(): Promise<BoardView | undefined> {
    const { workspace } = this.app;
    const leaf = workspace.getLeavesOfType(BOARD)[0] ?? workspace.getRightLeaf(false);
    if (!leaf) return undefined;
    await leaf.setViewState({ type: BOARD, active: true });
    await workspace.revealLeaf(leaf);
    return leaf.view instanceof BoardView ? leaf.view : undefined;
  }

  /** While the device is locked, whoever types in a note is told why nothing comes of it. */
  private isClosed(path: string): boolean {
    const locked = this.people.refusal();
    if (locked) this.attention.tell(LOCKED, locked.detail);
    return this.host?.isClosed(path) ?? false;
  }
}
