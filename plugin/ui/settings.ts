/** Server, token, fingerprint. The token lies in the secret storage of this device; the vault's files never hold it. */
import { PluginSettingTab, SecretComponent, type App, type Plugin, type SettingDefinitionItem } from 'obsidian';
import { wrongFingerprint } from '../audit/fingerprint.ts';
import { TEMPLATES } from '../handover/templates.ts';
import type { PhotosWhen } from '../photos.ts';
import type { Status } from '../status.ts';
import { commandsWords, connectWords, peopleWords, settingsWords } from '../words/index.ts';
import { nameControls } from './naming.ts';

export interface Settings {
  /** Without a slash at the end. */
  readonly url: string;
  /** Name of the secret that holds the token. */
  readonly secret: string;
  /** `SHA256:…` of the organisation's root key, from a source of its own; empty: not known. */
  readonly root: string;
  /** Minutes without a touch after which a device that several people use locks itself; 0: never. */
  readonly lockMinutes: number;
  /** Days back that sealed shifts get their notes by themselves. */
  readonly pastDays: number;
  /** When photos that the server has come into notes that are open. */
  readonly photos: PhotosWhen;
  /** The first note was written once in this vault. */
  readonly welcomed: boolean;
  /** Beginnings of entries, one in each line: `name: text with …`. */
  readonly templates: string;
}

export const NO_SETTINGS: Settings = {
  url: '',
  secret: '',
  root: '',
  lockMinutes: 10,
  pastDays: 30,
  photos: 'computers',
  welcomed: false,
  templates: TEMPLATES,
};

export function settingsFrom(data: unknown): Settings {
  const known = (data ?? {}) as Readonly<Record<string, unknown>>;
  const { url, secret, root, lockMinutes, pastDays, photos, welcomed, templates } = known;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const count = (value: unknown, otherwise: number): number =>
    typeof value === 'number' && value >= 0 ? value : otherwise;
  return {
    url: text(url),
    secret: text(secret),
    root: text(root),
    lockMinutes: count(lockMinutes, NO_SETTINGS.lockMinutes),
    pastDays: count(pastDays, NO_SETTINGS.pastDays),
    photos: photos === 'always' || photos === 'asked' ? photos : NO_SETTINGS.photos,
    welcomed: welcomed === true,
    templates: typeof templates === 'string' ? templates : TEMPLATES,
  };
}

export const wrongUrl = (url: string): string | undefined =>
  /^https?:\/\/[^\s/]+(?:\/[^\s]*)?$/.test(url) ? undefined : settingsWords.wrongUrl;

export interface SettingsOwner {
  readonly settings: Settings;
  change(settings: Partial<Settings>): Promise<void>;
  connect(): void;
  /** What people call this device; kept on it, because the settings travel with the vault. */
  deviceName: string;
  takeOver(): void;
  readonly isConnected: boolean;
  /** How many entries, photos and texts the server does not have. */
  readonly waiting: number;
  readonly joining: { open(): void; disconnect(): void };
  readonly status: () => Status;
  /** The organisation's, once it is known. */
  readonly zone: string | undefined;
  copyDiagnostics(): void;
}

export class OperarySettings extends PluginSettingTab {
  private readonly owner: SettingsOwner;

  constructor(app: App, plugin: Plugin, owner: SettingsOwner) {
    super(app, plugin);
    this.owner = owner;
  }

  override getSettingDefinitions(): SettingDefinitionItem[] {
    const { owner } = this;
    return [
      {
        name: settingsWords.plant,
        desc: owner.isConnected ? settingsWords.connectedTo(owner.settings.url) : settingsWords.notConnected,
        render: (setting) => {
          setting.addButton((button) =>
            owner.isConnected
              ? button.setButtonText(connectWords.disconnect).onClick(() => owner.joining.disconnect())
              : button
                  .setButtonText(connectWords.title)
                  .setCta()
                  .onClick(() => owner.joining.open()),
          );
        },
      },
      {
        name: settingsWords.connection,
        desc: owner.status().words,
        render: (setting) => {
          setting.addButton((button) => button.setButtonText(connectWords.connect).onClick(() => owner.connect()));
        },
      },
      {
        name: settingsWords.server,
        desc: owner.waiting ? settingsWords.serverWaits(owner.waiting) : settingsWords.serverIs,
        control: {
          type: 'text',
          key: 'url',
          placeholder: 'https://operary.plant.example',
          validate: (value: string) =>
            value === '' ? (owner.isConnected ? settingsWords.disconnectInstead : undefined) : wrongUrl(value),
        },
      },
      {
        name: settingsWords.token,
        desc: settingsWords.tokenIs,
        render: (setting) => {
          setting.addComponent((el) =>
            new SecretComponent(this.app, el)
              .setValue(owner.settings.secret)
              .onChange((secret) => owner.change({ secret })),
          );
          setting.settingEl.addClass('operary-token');
          nameControls(setting);
        },
      },
      {
        name: settingsWords.fingerprint,
        desc: settingsWords.fingerprintIs,
        control: {
          type: 'text',
          key: 'root',
          placeholder: settingsWords.fingerprintHint,
          validate: (value: string) => (value === '' ? undefined : wrongFingerprint(value)),
        },
      },
      {
        type: 'group',
        heading: settingsWords.notes,
        items: [
          {
            name: settingsWords.days,
            desc: settingsWords.daysAre,
            control: {
              type: 'text',
              key: 'pastDays',
              placeholder: '30',
              validate: (value: string) => (/^[0-9]{1,4}$/.test(value) ? undefined : settingsWords.wrongDays),
            },
          },
          {
            name: settingsWords.photos,
            desc: settingsWords.photosAre,
            control: { type: 'dropdown', key: 'photos', options: settingsWords.photosWhen },
          },
          {
            name: settingsWords.templates,
            desc: settingsWords.templatesAre,
            control: { type: 'textarea', key: 'templates', rows: 6 },
          },
          {
            name: settingsWords.language,
            desc: owner.zone ? settingsWords.languageIs(owner.zone) : settingsWords.languageUnknown,
          },
        ],
      },
      {
        type: 'group',
        heading: settingsWords.device,
        items: [
          {
            name: settingsWords.deviceName,
            desc: settingsWords.deviceNameIs,
            control: { type: 'text', key: 'deviceName', placeholder: settingsWords.deviceNameHint },
          },
          {
            name: settingsWords.people,
            desc: settingsWords.peopleAre,
            render: (setting) => {
              setting.addButton((button) => button.setButtonText(peopleWords.takeOver).onClick(() => owner.takeOver()));
            },
          },
          {
            name: settingsWords.lock,
            desc: settingsWords.lockIs,
            control: {
              type: 'text',
              key: 'lockMinutes',
              placeholder: '10',
              validate: (value: string) => (/^[0-9]{1,4}$/.test(value) ? undefined : settingsWords.wrongMinutes),
            },
          },
        ],
      },
      {
        type: 'group',
        heading: settingsWords.help,
        items: [
          {
            name: settingsWords.diagnostics,
            desc: settingsWords.diagnosticsAre,
            render: (setting) => {
              setting.addButton((button) =>
                button.setButtonText(commandsWords.copyDiagnostics).onClick(() => owner.copyDiagnostics()),
              );
            },
          },
        ],
      },
    ];
  }

  override getControlValue(key: string): unknown {
    if (key === 'deviceName') return this.owner.deviceName;
    const value = this.owner.settings[key as keyof Settings];
    return typeof value === 'number' ? String(value) : value;
  }

  override async setControlValue(key: string, value: unknown): Promise<void> {
    const text = String(value).trim();
    if (key === 'deviceName') this.owner.deviceName = text;
    else if (key === 'templates') await this.owner.change({ templates: text });
    else if (key === 'lockMinutes' || key === 'pastDays') await this.owner.change({ [key]: Number(text) || 0 });
    else await this.owner.change({ [key]: text.replace(/\/+$/, '') });
  }
}
