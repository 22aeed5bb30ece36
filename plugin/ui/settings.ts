/** Server, token, fingerprint. The token lies in the secret storage of this device; the vault's files never hold it. */
import { PluginSettingTab, SecretComponent, type App, type Plugin, type SettingDefinitionItem } from 'obsidian';
import { TEMPLATES } from '../handover/templates.ts';
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
  /** Days back that sealed shifts get their notes by themselves. */
  readonly pastDays: number;
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
  welcomed: false,
  templates: TEMPLATES,
};

export function settingsFrom(data: unknown): Settings {
  const known = (data ?? {}) as Readonly<Record<string, unknown>>;
  const { url, secret, root, lockMinutes, pastDays, welcomed, templates } = known;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const count = (value: unknown, otherwise: number): number =>
    typeof value === 'number' && value >= 0 ? value : otherwise;
  return {
    url: text(url),
    secret: text(secret),
    root: text(root),
    lockMinutes: count(lockMinutes, NO_SETTINGS.lockMinutes),
    pastDays: count(pastDays, NO_SETTINGS.pastDays),
    welcomed: welcomed === true,
    templates: typeof templates === 'string' ? templates : TEMPLATES,
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
  readonly isConnected: boolean;
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
        name: 'Plant',
        desc: owner.isConnected
          ? `Connected to ${owner.settings.url}.`
          : 'Not connected. You need the address of the server and a pairing code.',
        render: (setting) => {
          setting.addButton((button) =>
            owner.isConnected
              ? button.setButtonText('Disconnect').onClick(() => owner.joining.disconnect())
              : button
                  .setButtonText('Connect to a plant')
                  .setCta()
                  .onClick(() => owner.joining.open()),
          );
        },
      },
      {
        name: 'Connection',
        desc: owner.status().words,
        render: (setting) => {
          setting.addButton((button) => button.setButtonText('Connect').onClick(() => owner.connect()));
        },
      },
      {
        name: 'Server',
        desc: 'The only address that this plugin talks to. Connecting fills it in.',
        control: {
          type: 'text',
          key: 'url',
          placeholder: 'https://operary.plant.example',
          validate: (value: string) => (value === '' ? undefined : wrongUrl(value)),
        },
      },
      {
        name: 'Token',
        desc: 'Connecting fills it in. It is kept in the secret storage of this device, not in the vault.',
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
        type: 'group',
        heading: 'Notes',
        items: [
          {
            name: 'Days of past shifts',
            desc: 'Sealed shifts that lie further back get no notes by themselves; "Fetch older shift" brings one. Notes that are here already stay.',
            control: {
              type: 'text',
              key: 'pastDays',
              placeholder: '30',
              validate: (value: string) => (/^[0-9]{1,4}$/.test(value) ? undefined : 'A number of days, such as 30.'),
            },
          },
          {
            name: 'Templates',
            desc: 'For "Log entry": one in each line, a name, a colon, the text. "…" is where you fill something in.',
            control: { type: 'textarea', key: 'templates', rows: 6 },
          },
          {
            name: 'Language and time zone of the notes',
            desc: owner.zone
              ? `English, ${owner.zone}: as your organisation has set it, so that every device writes the same.`
              : 'Your organisation sets them. They show here once this device has met the server.',
          },
        ],
      },
      {
        type: 'group',
        heading: 'This device',
        items: [
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
        ],
      },
      {
        type: 'group',
        heading: 'Help',
        items: [
          {
            name: 'Diagnostics',
            desc: 'Versions, counts and states, for whoever helps you. No token, no PIN, no names, nothing that anybody wrote.',
            render: (setting) => {
              setting.addButton((button) =>
                button.setButtonText('Copy diagnostics').onClick(() => owner.copyDiagnostics()),
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
