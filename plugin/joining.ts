/** How this vault comes to a plant and leaves it again: by command, settings, board or link. */
import { Notice, type App, type Plugin } from 'obsidian';
import { blockedBy, remarksOn } from './connect/remarks.ts';
import type { Given, Typed } from './connect/given.ts';
import { join, type JoinParts } from './connect/join.ts';
import { WELCOME, welcomeText } from './connect/welcome.ts';
import { deviceClock } from './device/clock.ts';
import { putAway, takeOut } from './device/plants.ts';
import type { Host } from './host.ts';
import type { Identity } from './identity.ts';
import type { Memory, NoteFiles } from './notes/ports.ts';
import { plantOf } from './plant.ts';
import { ConnectModal } from './ui/connect.ts';
import { DisconnectModal } from './ui/disconnect.ts';
import type { Settings } from './ui/settings.ts';
import { connectWords, peopleWords } from './words/index.ts';

/** What it stands on, and what it changes there. */
export interface JoiningOwner extends Pick<JoinParts, 'linkTo' | 'version'> {
  readonly app: App;
  readonly memory: Memory;
  readonly identity: Identity;
  readonly files: Pick<NoteFiles, 'exists' | 'create'>;
  readonly settings: () => Settings;
  readonly isConnected: () => boolean;
  /** Several people share the device, and none of them is there. */
  readonly isLocked: () => boolean;
  readonly host: () => Host | undefined;
  /** Everything starts over, with these settings and this token. */
  readonly become: (settings: Partial<Settings>, token: string) => Promise<void>;
}

export interface Joining {
  open(typed?: Typed, isFromLink?: boolean): void;
  disconnect(why?: string): void;
  addCommands(plugin: Plugin): void;
}

const NOTHING: Typed = { address: '', code: '' };
const NOTICE_MS = 8000;

export function createJoining(owner: JoiningOwner): Joining {
  const { app, files, memory, identity } = owner;
  const ownPlant = (): string | undefined => plantOf(memory) ?? owner.host()?.organisation;

  async function connect(given: Given): Promise<string | undefined> {
    const blocked = blockedBy(app);
    if (blocked !== undefined) return blocked;
    const joined = await join({ ...owner, clock: deviceClock, deviceId: () => identity.deviceId }, given);
    if (typeof joined === 'string') return joined;
    const { organisation, token, name, role } = joined;
    const own = ownPlant();
    if (own !== undefined && own !== organisation.id) return connectWords.otherPlant(organisation.name);
    const isWelcomed = owner.settings().welcomed;
    takeOut(memory, organisation.id);
    await owner.become({ url: given.url, welcomed: true }, token);
    new Notice(connectWords.connected(organisation.name, name), NOTICE_MS);
    if (!isWelcomed) await welcome(organisation.name, name, role);
    return undefined;
  }

  async function welcome(plant: string, person: string, role: string): Promise<void> {
    if (!files.exists(WELCOME)) await files.create(WELCOME, welcomeText(plant, person, role));
    const note = app.vault.getFileByPath(WELCOME);
    if (note) await app.workspace.getLeaf(false).openFile(note);
  }

  async function leave(): Promise<void> {
    const host = owner.host();
    host?.stop();
    putAway(memory, ownPlant());
    await identity.newDevice();
    await owner.become({ url: '' }, '');
    new Notice(connectWords.disconnected, NOTICE_MS);
  }

  const joining: Joining = {
    open(typed = NOTHING, isFromLink = false) {
      const { url } = owner.settings();
      // A server that says no may be asked anew: the token was revoked, or has expired.
      const isDenied = owner.host()?.connection.state.kind === 'denied';
      if (owner.isConnected() && !isDenied) return joining.disconnect(connectWords.isConnected(url));
      const start = typed.address ? typed : { ...typed, address: url };
      new ConnectModal(app, {
        typed: start,
        isFromLink,
        remarks: remarksOn(app, ownPlant() !== undefined),
        connect,
      }).open();
    },
    disconnect(why = '') {
      if (owner.isLocked()) return void new Notice(peopleWords.locked, NOTICE_MS);
      const waiting = owner.host()?.waiting ?? 0;
      new DisconnectModal(app, { why, waiting, disconnect: () => void leave() }).open();
    },
    addCommands(plugin) {
      plugin.addCommand({ id: 'connect', name: connectWords.title, callback: () => joining.open() });
      plugin.addCommand({
        id: 'disconnect',
        name: connectWords.disconnectPlant,
        checkCallback: (isAsking) => {
          // Also where only address or token has gone: whoever wants another plant leaves this one first.
          if (!owner.isConnected() && ownPlant() === undefined) return false;
          if (!isAsking) joining.disconnect();
          return true;
        },
      });
    },
  };
  return joining;
}
