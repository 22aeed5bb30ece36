/** Context menus. */
import { Component } from './component.ts';
import { setIcon } from './icons.ts';

export class MenuSeparator {}

export class MenuItem {
  el__: HTMLElement = createDiv('menu-item tappable');
  icon__: HTMLElement = this.el__.createDiv('menu-item-icon');
  title__: HTMLElement = this.el__.createDiv('menu-item-title');
  menu__: Menu;

  constructor(menu: Menu) {
    this.menu__ = menu;
  }

  setTitle(title: string | DocumentFragment): this {
    this.title__.setText(title);
    return this;
  }

  setIcon(icon: string | null): this {
    if (icon) setIcon(this.icon__, icon);
    return this;
  }

  setChecked(checked: boolean | null): this {
    this.el__.toggleClass('is-checked', checked === true);
    return this;
  }

  setDisabled(disabled: boolean): this {
    this.el__.toggleClass('is-disabled', disabled);
    return this;
  }

  setWarning(warning: boolean): this {
    this.el__.toggleClass('is-warning', warning);
    return this;
  }

  setIsLabel(label: boolean): this {
    this.el__.toggleClass('is-label', label);
    return this;
  }

  setSection(section: string): this {
    this.el__.dataset['section'] = section;
    return this;
  }

  onClick(callback: (event: MouseEvent | KeyboardEvent) => unknown): this {
    this.el__.addEventListener('click', (event) => {
      if (this.el__.hasClass('is-disabled')) return;
      this.menu__.hide();
      void callback(event);
    });
    return this;
  }
}

export class Menu extends Component {
  el__: HTMLElement = createDiv('menu');
  hidden__: (() => unknown) | null = null;
  parent__: HTMLElement = document.body;

  static forEvent(event: MouseEvent): Menu {
    const menu = new Menu();
    queueMicrotask(() => menu.showAtMouseEvent(event));
    return menu;
  }

  addItem(callback: (item: MenuItem) => unknown): this {
    const item = new MenuItem(this);
    callback(item);
    this.el__.append(item.el__);
    return this;
  }

  addSeparator(): this {
    this.el__.createDiv('menu-separator');
    return this;
  }

  setNoIcon(): this {
    this.el__.addClass('mod-no-icon');
    return this;
  }

  setParentElement(el: HTMLElement): this {
    this.parent__ = el;
    return this;
  }

  setUseNativeMenu(): this {
    return this;
  }

  showAtMouseEvent(event: MouseEvent): this {
    return this.showAtPosition({ x: event.clientX, y: event.clientY });
  }

  showAtPosition({ x, y }: { x: number; y: number }): this {
    this.parent__.append(this.el__);
    // Never beyond the edges of the window.
    const left = Math.max(0, Math.min(x, innerWidth - this.el__.offsetWidth));
    const top = Math.max(0, Math.min(y, innerHeight - this.el__.offsetHeight));
    this.el__.setCssProps({ left: `${left}px`, top: `${top}px` });
    this.load();
    const away = (event: Event) => void (this.el__.contains(event.target as Node) || this.hide());
    this.registerDomEvent(document, 'mousedown', away);
    return this;
  }

  hide(): this {
    this.el__.remove();
    this.unload();
    this.hidden__?.();
    return this;
  }

  close(): void {
    this.hide();
  }

  onHide(callback: () => unknown): void {
    this.hidden__ = callback;
  }
}
