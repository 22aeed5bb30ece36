/** Which adapter a plugin meets: a path on the desktop, none on a phone. */
import { DataAdapter } from './adapter.ts';
import { normalizePath } from './functions.ts';

export class FileSystemAdapter extends DataAdapter {
  static async readLocalFile(path: string): Promise<ArrayBuffer> {
    throw new Error(`The stand-in has no local file ${path}.`);
  }

  static async mkdir(path: string): Promise<void> {
    throw new Error(`The stand-in makes no local folder ${path}.`);
  }

  getBasePath(): string {
    return `/vaults/${this.vaultName__}`;
  }

  getFullPath(path: string): string {
    return `${this.getBasePath()}/${normalizePath(path)}`;
  }

  getFilePath(path: string): string {
    return `file://${encodeURI(this.getFullPath(path))}`;
  }
}

export class CapacitorAdapter extends DataAdapter {
  getFullPath(path: string): string {
    return normalizePath(path);
  }
}
