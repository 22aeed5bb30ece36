/** Secrets and local storage: in the browser's own storage, under the vault's name, as in the app. */
import { Events } from './component.ts';
import { strict } from './strict.ts';

export class VaultStorage {
  private readonly prefix: string;

  constructor(vault: string, part: string) {
    this.prefix = `${vault}/${part}/`;
  }

  get(key: string): string | null {
    return localStorage.getItem(this.prefix + key);
  }

  set(key: string, value: string | null): void {
    if (value === null) localStorage.removeItem(this.prefix + key);
    else localStorage.setItem(this.prefix + key, value);
  }

  keys(): string[] {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(this.prefix))
      .map((key) => key.slice(this.prefix.length))
      .sort();
  }
}

export class SecretStorage extends Events {
  store__: VaultStorage;

  constructor(vault: string) {
    super();
    this.store__ = new VaultStorage(vault, 'secret');
    return strict(this, 'SecretStorage');
  }

  setSecret(id: string, secret: string): void {
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id)) throw new Error(`Invalid secret ID: ${id}`);
    this.store__.set(id, secret);
  }

  getSecret(id: string): string | null {
    return this.store__.get(id);
  }

  listSecrets(): string[] {
    return this.store__.keys();
  }
}
