/** FileManager: renames that carry links along, trash, and properties rewritten as the app does. */
import type { App } from './app.ts';
import type { WriteOptions } from './adapter.ts';
import { parentPath, TFile, TFolder, type TAbstractFile } from './files.ts';
import { changeProperties, type Properties } from './frontmatter.ts';
import { strict } from './strict.ts';

export class FileManager {
  app__: App;

  constructor(app: App) {
    this.app__ = app;
    return strict(this, 'FileManager');
  }

  getNewFileParent(sourcePath: string): TFolder {
    void sourcePath;
    return this.app__.vault.getRoot();
  }

  async renameFile(file: TAbstractFile, newPath: string): Promise<void> {
    const { vault, metadataCache } = this.app__;
    const linking =
      file instanceof TFile
        ? vault.getMarkdownFiles().filter((note) => metadataCache.resolvedLinks[note.path]?.[file.path])
        : [];
    const oldPath = file.path;
    const links = new Map(linking.map((note) => [note, this.linksTo__(note, oldPath)]));
    await vault.rename(file, newPath);
    if (!(file instanceof TFile)) return;
    for (const [note, originals] of links) {
      const target = metadataCache.fileToLinktext(file, note.path);
      await vault.process(note, (text) =>
        originals.reduce((done, link) => done.split(link).join(retarget(link, target)), text),
      );
    }
  }

  async promptForDeletion(file: TAbstractFile): Promise<boolean> {
    await this.trashFile(file);
    return true;
  }

  async trashFile(file: TAbstractFile): Promise<void> {
    await this.app__.vault.trash(file, false);
  }

  generateMarkdownLink(file: TFile, sourcePath: string, subpath = '', alias = ''): string {
    const target = this.app__.metadataCache.fileToLinktext(file, sourcePath) + subpath;
    return `${file.extension === 'md' ? '' : '!'}[[${target}${alias ? `|${alias}` : ''}]]`;
  }

  async processFrontMatter(
    file: TFile,
    change: (properties: Properties) => void,
    options?: WriteOptions,
  ): Promise<void> {
    await this.app__.vault.process(file, (text) => changeProperties(text, change), options);
  }

  async getAvailablePathForAttachment(filename: string, sourcePath = ''): Promise<string> {
    const folder = parentPath(sourcePath);
    const dot = filename.lastIndexOf('.');
    const [base, ending] = dot < 0 ? [filename, ''] : [filename.slice(0, dot), filename.slice(dot)];
    const path = (count: number) => `${folder ? `${folder}/` : ''}${base}${count ? ` ${count}` : ''}${ending}`;
    let count = 0;
    while (this.app__.vault.getAbstractFileByPath(path(count))) count += 1;
    return path(count);
  }

  linksTo__(note: TFile, path: string): string[] {
    const links = this.app__.metadataCache.getFileCache(note)?.links ?? [];
    return links
      .filter(({ link }) => this.app__.metadataCache.getFirstLinkpathDest(link, note.path)?.path === path)
      .map(({ original }) => original);
  }
}

const retarget = (link: string, target: string): string =>
  link.startsWith('[[')
    ? link.replace(/^\[\[[^\]|#]*/, `[[${target}`)
    : link.replace(/\(([^)#]*)/, `(${encodeURI(target)}.md`);
