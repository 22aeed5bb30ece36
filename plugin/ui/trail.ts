/** The trail of an item: from the root to it, and every event on the way with who, when and why. */
import { Modal, type App } from 'obsidian';
import { localDateTime } from '../../shared/kernel/local-time.ts';
import type { Host } from '../host.ts';

interface TrailItem {
  readonly kind: string;
  readonly id: string;
  readonly ref?: string | null;
  readonly title?: string | null;
}

interface TrailEvent {
  readonly seq: number;
  readonly type: string;
  readonly occurredAt: string;
  readonly subject: { readonly kind: string; readonly id: string };
  readonly actor: { readonly kind: string; readonly id: string };
  readonly body: {
    readonly reason?: string;
    readonly changes?: Readonly<Record<string, { readonly was: Plain; readonly now: Plain }>>;
  };
}

export interface TrailAnswer {
  readonly chain: readonly TrailItem[];
  readonly items: readonly TrailItem[];
  readonly events: readonly TrailEvent[];
}

export class TrailModal extends Modal {
  private readonly host: Host;
  private readonly trail: TrailAnswer;

  constructor(app: App, host: Host, trail: TrailAnswer) {
    super(app);
    this.host = host;
    this.trail = trail;
  }

  override onOpen(): void {
    const { chain, items, events } = this.trail;
    const { contentEl: el } = this;
    this.setTitle('Audit trail');
    this.modalEl.addClass('operary-trail');
    const steps = el.createDiv({ cls: 'operary-chain' });
    chain.forEach((item, i) => {
      if (i) steps.createSpan({ cls: 'operary-arrow', text: '→' });
      steps.createSpan({ cls: 'operary-step', text: nameOf(item) });
    });
    const names = new Map(items.map((item) => [`${item.kind}/${item.id}`, nameOf(item)]));
    const around = this.host.scribe.around();
    for (const { seq, type, occurredAt, subject, actor, body } of events) {
      const row = el.createDiv({ cls: 'operary-event' });
      const who = actor.kind === 'user' ? around.userName(actor.id) : actor.kind;
      row.createDiv({
        cls: 'operary-event-head',
        text: `#${seq} · ${localDateTime(occurredAt, around.zone).replace('T', ' ')} · ${who}`,
      });
      row.createDiv({ text: `${type} · ${names.get(`${subject.kind}/${subject.id}`) ?? subject.kind}` });
      const changes = Object.entries(body.changes ?? {}).map(
        ([field, { was, now }]) => `${field}: ${shown(was)} → ${shown(now)}`,
      );
      if (changes.length) row.createDiv({ cls: 'operary-event-changes', text: changes.join(' · ') });
      if (body.reason !== undefined) row.createDiv({ cls: 'operary-event-reason', text: body.reason });
    }
  }

  override onClose(): void {
    this.contentEl.empty();
  }
}

const nameOf = ({ kind, ref, title }: TrailItem): string => [ref ?? kind, title].filter(Boolean).join(' ');
type Plain = string | number | boolean | null | undefined | readonly Plain[] | { readonly [key: string]: Plain };

function shown(value: Plain): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'object' ? Object.values(value).map(shown).join(' ') : String(value);
}
