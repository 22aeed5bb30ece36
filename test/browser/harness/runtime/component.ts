/** Component and Events: lifecycles that clean up after themselves, and a record of what plugins still hold. */
import { calledByPlugin } from './caller.ts';

export interface Ref {
  readonly e: Events;
  readonly name: string;
  readonly fn: (...data: never[]) => unknown;
  readonly ctx: unknown;
}

/** Every live registration made by a plugin, on any emitter: the leak check reads it. */
export const pluginRefs = new Set<Ref>();

export class Events {
  on__: Record<string, Ref[]> = {};

  on(name: string, callback: (...data: never[]) => unknown, ctx?: unknown): Ref {
    const ref: Ref = { e: this, name, fn: callback, ctx };
    (this.on__[name] ??= []).push(ref);
    if (calledByPlugin()) pluginRefs.add(ref);
    return ref;
  }

  off(name: string, callback: (...data: never[]) => unknown): void {
    for (const ref of this.on__[name] ?? []) if (ref.fn === callback) this.offref(ref);
  }

  offref(ref: Ref): void {
    this.on__[ref.name] = (this.on__[ref.name] ?? []).filter((other) => other !== ref);
    pluginRefs.delete(ref);
  }

  trigger(name: string, ...data: unknown[]): void {
    for (const ref of this.on__[name] ?? []) this.tryTrigger(ref, data);
  }

  // One bad listener does not keep the others from hearing; its error surfaces as an uncaught one, as in the app.
  tryTrigger(ref: Ref, data: unknown[]): void {
    try {
      ref.fn.apply(ref.ctx, data as never[]);
    } catch (error) {
      setTimeout(() => {
        throw error;
      });
    }
  }
}

export class Component {
  loaded__ = false;
  children__: Component[] = [];
  cleanups__: (() => unknown)[] = [];

  load(): unknown {
    if (this.loaded__) return undefined;
    this.loaded__ = true;
    const begun: unknown = this.onload();
    for (const child of [...this.children__]) child.load();
    return begun;
  }

  onload(): unknown {
    return undefined;
  }

  unload(): void {
    if (!this.loaded__) return;
    this.loaded__ = false;
    while (this.children__.length > 0) this.children__.pop()?.unload();
    while (this.cleanups__.length > 0) this.cleanups__.pop()?.();
    this.onunload();
  }

  onunload(): unknown {
    return undefined;
  }

  addChild<T extends Component>(child: T): T {
    this.children__.push(child);
    if (this.loaded__) child.load();
    return child;
  }

  removeChild<T extends Component>(child: T): T {
    const at = this.children__.indexOf(child);
    if (at >= 0) {
      this.children__.splice(at, 1);
      child.unload();
    }
    return child;
  }

  register(cleanup: () => unknown): void {
    this.cleanups__.push(cleanup);
  }

  registerEvent(ref: Ref): void {
    this.register(() => ref.e.offref(ref));
  }

  registerDomEvent(
    el: EventTarget,
    type: string,
    callback: EventListener,
    options?: boolean | AddEventListenerOptions,
  ): void {
    el.addEventListener(type, callback, options);
    this.register(() => el.removeEventListener(type, callback, options));
  }

  registerInterval(id: number): number {
    this.register(() => window.clearInterval(id));
    return id;
  }
}

export class MarkdownRenderChild extends Component {
  containerEl: HTMLElement;

  constructor(containerEl: HTMLElement) {
    super();
    this.containerEl = containerEl;
  }
}
