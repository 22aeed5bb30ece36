/** Photos and files for an entry: from the camera, the gallery or the clipboard. Kept on this device before the entry may name them. */
import type { Setting } from 'obsidian';
import { isRefusal, type Refusal } from '../../shared/kernel/refusal.ts';

/** What keeps the bytes. */
export interface Keeper {
  keep(bytes: Uint8Array, name: string, type: string): Promise<{ readonly sha256: string } | Refusal>;
}

export function addPhotos(
  setting: Setting,
  keeper: Keeper,
  start: readonly string[],
  put: (names: readonly string[]) => void,
): void {
  const names = [...start];
  const shown = setting.settingEl.createDiv({ cls: 'operary-photos' });
  const problem = setting.settingEl.createDiv({ cls: 'operary-problem', attr: { role: 'alert' } });
  problem.hide();
  setting.settingEl.addClass('operary-wide-field');

  async function take(file: File): Promise<void> {
    const kept = await keeper.keep(new Uint8Array(await file.arrayBuffer()), file.name, file.type);
    if (isRefusal(kept)) {
      problem.setText(kept.detail);
      problem.show();
      return;
    }
    problem.hide();
    if (names.includes(kept.sha256)) return;
    names.push(kept.sha256);
    put([...names]);
    draw(kept.sha256, file);
  }

  function draw(sha256: string, file: File): void {
    const box = shown.createDiv({ cls: 'operary-photo' });
    if (file.type.startsWith('image/')) {
      const image = box.createEl('img', { attr: { alt: file.name } });
      const url = URL.createObjectURL(file);
      image.onload = () => URL.revokeObjectURL(url);
      image.src = url;
    } else box.createSpan({ text: file.name });
    const remove = box.createEl('button', { text: 'Remove', attr: { 'aria-label': `Remove ${file.name}` } });
    remove.onclick = () => {
      names.splice(names.indexOf(sha256), 1);
      put([...names]);
      box.remove();
    };
  }

  const input = createEl('input', {
    type: 'file',
    attr: { accept: 'image/*,application/pdf,text/csv,text/plain', multiple: '' },
  });
  input.addClass('operary-file-input');
  input.onchange = () => {
    for (const file of Array.from(input.files ?? [])) void take(file);
    input.value = '';
  };
  setting.controlEl.append(input);
  setting.addButton((button) => button.setButtonText('Add photo or file').onClick(() => input.click()));
  setting.settingEl.onpaste = (event) => {
    for (const file of Array.from(event.clipboardData?.files ?? [])) void take(file);
  };
}
