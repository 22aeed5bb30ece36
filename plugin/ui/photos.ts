/** Photos and files for an entry: from the camera, the gallery or the clipboard. Kept on this device before the entry may name them. */
import type { Setting } from 'obsidian';
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { commonWords, evidenceWords, formWords } from '../words/index.ts';

const UNREADABLE = refuse('not-ready', evidenceWords.fileUnreadable);

/** What keeps the bytes. */
export interface Keeper {
  keep(bytes: Uint8Array, name: string, type: string): Promise<{ readonly sha256: string } | Refusal>;
  here(sha256: string): Promise<Uint8Array | undefined>;
}

/** `keeping`: hears of each that is just being kept, and whether it was. */
export function addPhotos(
  setting: Setting,
  keeper: Keeper,
  start: readonly string[],
  put: (names: readonly string[]) => void,
  keeping: (work: Promise<boolean>) => void = () => undefined,
): void {
  const names = [...start];
  const shown = setting.settingEl.createDiv({ cls: 'operary-photos' });
  const problem = setting.settingEl.createDiv({ cls: 'operary-problem', attr: { role: 'alert' } });
  problem.hide();
  setting.settingEl.addClass('operary-wide-field');

  /** Whether an entry can name it now. */
  async function take(file: File): Promise<boolean> {
    const bytes = await file.arrayBuffer().catch(() => undefined);
    const kept = bytes ? await keeper.keep(new Uint8Array(bytes), file.name, file.type) : UNREADABLE;
    if (isRefusal(kept)) {
      problem.setText(kept.detail);
      problem.show();
      return false;
    }
    problem.hide();
    if (names.includes(kept.sha256)) return true;
    names.push(kept.sha256);
    put([...names]);
    draw(kept.sha256, file);
    return true;
  }

  function draw(sha256: string, file: File): void {
    const box = shown.createDiv({ cls: 'operary-photo' });
    if (file.type.startsWith('image/')) {
      const image = box.createEl('img', { attr: { alt: file.name } });
      const url = URL.createObjectURL(file);
      image.onload = () => URL.revokeObjectURL(url);
      image.src = url;
    } else box.createSpan({ text: file.name });
    const remove = box.createEl('button', {
      text: commonWords.remove,
      attr: { 'aria-label': formWords.removeFile(file.name) },
    });
    remove.onclick = () => {
      names.splice(names.indexOf(sha256), 1);
      put([...names]);
      box.remove();
    };
  }

  for (const name of start)
    void keeper.here(name).then((bytes) => {
      const parts = bytes ? [new Uint8Array(bytes)] : [];
      draw(name, new File(parts, formWords.earlierFile, { type: bytes ? 'image/*' : '' }));
    });

  const input = createEl('input', {
    type: 'file',
    attr: { accept: 'image/*,application/pdf,text/csv,text/plain', multiple: '' },
  });
  input.addClass('operary-file-input');
  input.onchange = () => {
    for (const file of Array.from(input.files ?? [])) keeping(take(file));
    input.value = '';
  };
  setting.controlEl.append(input);
  setting.addButton((button) => button.setButtonText(formWords.addFile).onClick(() => input.click()));
  setting.settingEl.onpaste = (event) => {
    for (const file of Array.from(event.clipboardData?.files ?? [])) keeping(take(file));
  };
}
