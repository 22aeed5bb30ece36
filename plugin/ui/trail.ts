/** The trail of an item: as a picture, and every event on the way with who, when and why. Kept as a note when somebody asks for it. */
import { Modal, type App } from 'obsidian';
import { localDateTime } from '../../shared/kernel/local-time.ts';
import type { Host } from '../host.ts';
import { momentIn } from '../pictures/trail-note.ts';
import { trailPicture } from '../pictures/trail-picture.ts';
import type { Item, Step, Story } from '../pictures/story.ts';
import { draw } from './draw.ts';
import { trailWords } from '../words/index.ts';
import { say } from './say.ts';

export class TrailModal extends Modal {
  private readonly host: Host;
  private readonly story: Story;
  private readonly save: () => Promise<void>;

  constructor(app: App, host: Host, story: Story, save: () => Promise<void>) {
    super(app);
    this.host = host;
    this.story = story;
    this.save = save;
  }

  override onOpen(): void {
    const { focus, items, steps, ends } = this.story;
    const { contentEl: el } = this;
    this.setTitle(trailWords.title);
    this.modalEl.addClass('operary-trail');
    say(el.createDiv({ cls: 'operary-form-about' }), focus.name);
    const actions = el.createDiv({ cls: 'operary-actions' });
    const save = actions.createEl('button', { text: trailWords.save });
    save.onclick = () => {
      save.disabled = true;
      void this.save().finally(() => this.close());
    };
    for (const text of ends) el.createDiv({ cls: 'operary-concern', text });
    const moment = momentIn(this.story, this.host.scribe.organisation.zone);
    const box = el.createDiv({ cls: 'operary-picture-box' });
    draw(box, trailPicture(this.story, moment), (item) => void this.openNote(item));
    // The item that was asked for is looked at first.
    box.scrollLeft = (box.scrollWidth - box.clientWidth) / 2;
    const times = items.filter((item) => item.times.length);
    for (const item of times) el.createDiv({ cls: 'operary-times', text: `${item.short}: ${item.times.join(' · ')}` });
    const byKey = new Map(items.map((item) => [item.key, item]));
    for (const step of steps) this.drawStep(el, step, step.item === undefined ? undefined : byKey.get(step.item));
  }

  override onClose(): void {
    this.contentEl.empty();
  }

  private drawStep(el: HTMLElement, { number, event, who, what, said, changes }: Step, item: Item | undefined): void {
    const { zone } = this.host.scribe.organisation;
    const row = el.createDiv({ cls: 'operary-event' });
    const at = localDateTime(event.occurredAt, zone).replace('T', ' ');
    say(row.createDiv({ cls: 'operary-event-head' }), `#${event.seq ?? number} · ${at} · ${who}`);
    say(row.createDiv(), [what, item?.name].filter(Boolean).join(' · '));
    if (changes.length) say(row.createDiv({ cls: 'operary-event-changes' }), changes.join(' · '));
    if (said) say(row.createDiv({ cls: 'operary-event-reason' }), said);
  }

  private async openNote(item: string): Promise<void> {
    const path = this.host.notebook.pathOf(item);
    const file = path === undefined ? null : this.app.vault.getFileByPath(path);
    if (!file) return;
    this.close();
    await this.app.workspace.getLeaf(false).openFile(file);
  }
}
