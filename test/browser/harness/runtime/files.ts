/** The tree that the vault shows. A rename changes the same object in place: identity outlives the path. */
import { strict } from './strict.ts';
import type { Vault } from './vault.ts';

export interface Stat {
  ctime: number;
  mtime: number;
  size: number;
}

export class TAbstractFile {
  vault: Vault;
  path = '';
  name = '';
  parent: TFolder | null = null;

  constructor(vault: Vault, typeName: string) {
    this.vault = vault;
    return strict(this, typeName);
  }

  place__(path: string, parent: TFolder | null): void {
    this.path = path;
    this.name = path.slice(path.lastIndexOf('/') + 1);
    this.parent?.children.remove(this);
    this.parent = parent;
    parent?.children.push(this);
  }
}

export class TFile extends TAbstractFile {
  stat: Stat = { ctime: 0, mtime: 0, size: 0 };
  basename = '';
  extension = '';
  deleted__ = false;

  constructor(vault: Vault) {
    super(vault, 'TFile');
  }

  override place__(path: string, parent: TFolder | null): void {
    super.place__(path, parent);
    const dot = this.name.lastIndexOf('.');
    this.extension = dot > 0 ? this.name.slice(dot + 1).toLowerCase() : '';
    this.basename = dot > 0 ? this.name.slice(0, dot) : this.name;
  }
}

export class TFolder extends TAbstractFile {
  children: TAbstractFile[] = [];

  constructor(vault: Vault) {
    super(vault, 'TFolder');
  }

  isRoot(): boolean {
    return this.path === '/';
  }
}

export const parentPath = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
