/** Server, token, fingerprint. The token lies in the secret storage of this device; the vault's files never hold it. */
import { PluginSettingTab, SecretComponent, type App, type Plugin, type SettingDefinitionItem } from 'obsidian';
import type { Status } from '../status.ts';

export interface Settings {
  /** Without a slash at the end. */
  readonly url: string;
  /** Name of the secret that holds the token. */
  readonly secret: string;
  /** `SHA256:…` of the organisation's root key, from a source of its own; empty: not known. */
  readonly root: string;
  /** Minutes without a touch after which a device that several people use locks itself; 0: never. */
  readonly lockMinutes: number;
}

export const NO_SETTINGS: Settings = { url: '', secret: '', root: '', lockMinutes: 10 };

export function settingsFrom(data: unknown): Settings {
  const { url, secret, root, lockMinutes } = (data ?? {}) as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    url: text(url),
    secret: text(secret),
    root: text(root),
    lockMinutes: typeof lockMinutes === 'number' && lockMinutes >= 0 ? lockMinutes : NO_SETTINGS.lockMinutes,
  };
}

export const wrongUrl = (url: string): string | undefined =>
  /^https?:\/\/[^\s/]+(?:\/[^\s]*)?$/.test(url)
    ? undefined
    : 'Enter the address of the server, such as https://operary.plant.example';

export interface SettingsOwner {
  readonly settings: Settings;
  change(settings: Partial<Settings>): Promise<void>;
  connect(): void;
  /** What people call this device; kept on it, because the settings travel with the vault. */
  deviceName: string;
  takeOver(): void;
  readonly status: () => Status;
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
        name: 'Server',
        desc: 'The only address that this plugin talks to.',
        control: {
          type: 'text',
          key: 'url',
          placeholder: 'https://operary.plant.example',
          validate: (value: string) => (value === '' ? undefined : wrongUrl(value)),
        },
      },
      {
        name: 'Token',
        desc: 'An admin gives it to you once. It is kept in the secret storage of this device, not in the vault.',
        render: (setting) => {
          setting.addComponent((el) =>
            new SecretComponent(this.app, el)
              .setValue(owner.settings.secret)
              .onChange((secret) => owner.change({ secret })),
          );
        },
      },
      {
        name: 'Fingerprint of your organisation',
        desc: 'Optional: SHA256:… as your organisation has published it. "Verify seal" then checks against it.',
        control: {
          type: 'text',
          key: 'root',
          placeholder: 'SHA256:…',
          validate: (value: string) =>
            /^(?:SHA256:[A-Za-z0-9+/]{43})?$/.test(value)
              ? undefined
              : 'A fingerprint begins with SHA256: and has 43 more characters.',
        },
      },
      {
        name: 'Name of this device',
        desc: 'Others see it where this device has recorded something, or is missed at a seal.',
        control: { type: 'text', key: 'deviceName', placeholder: 'Tablet at line 3' },
      },
      {
        name: 'People of this device',
        desc: 'On a shared tablet each person takes over with a PIN; every entry carries whoever did.',
        render: (setting) => {
          setting.addButton((button) => button.setButtonText('Take over').onClick(() => owner.takeOver()));
        },
      },
      {
        name: 'Lock after minutes',
        desc: 'When several people use this device. 0: never.',
        control: {
          type: 'text',
          key: 'lockMinutes',
          placeholder: '10',
          validate: (value: string) => (/^[0-9]{1,4}$/.test(value) ? undefined : 'A number of minutes, or 0.'),
        },
      },
      {
        name: 'Connection',
        desc: this.owner.status().words,
        render: (setting) => {
          setting.addButton((button) =>
            button
              .setButtonText('Connect')
              .setCta()
              .onClick(() => owner.connect()),
          );
        },
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
    else if (key === 'lockMinutes') await this.owner.change({ lockMinutes: Number(text) || 0 });
    else await this.owner.change({ [key]: text.replace(/\/+$/, '') });
  }
}
