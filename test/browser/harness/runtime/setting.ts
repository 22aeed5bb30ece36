/** Setting rows and groups. */
import {
  ColorComponent,
  DropdownComponent,
  ProgressBarComponent,
  SliderComponent,
  ToggleComponent,
} from './choice-controls.ts';
import {
  BaseComponent,
  ButtonComponent,
  DisplayValueComponent,
  ExtraButtonComponent,
  MomentFormatComponent,
  SearchComponent,
  TextAreaComponent,
  TextComponent,
} from './controls.ts';

type With<T> = (component: T) => unknown;

export class Setting {
  settingEl: HTMLElement;
  infoEl: HTMLElement;
  nameEl: HTMLElement;
  descEl: HTMLElement;
  controlEl: HTMLElement;
  components: BaseComponent[] = [];
  errorEl: HTMLElement | null = null;

  constructor(containerEl: HTMLElement) {
    this.settingEl = containerEl.createDiv('setting-item');
    this.infoEl = this.settingEl.createDiv('setting-item-info');
    this.nameEl = this.infoEl.createDiv('setting-item-name');
    this.descEl = this.infoEl.createDiv('setting-item-description');
    this.controlEl = this.settingEl.createDiv('setting-item-control');
  }

  setName(name: string | DocumentFragment): this {
    this.nameEl.setText(name);
    return this;
  }

  setDesc(desc: string | DocumentFragment): this {
    this.descEl.setText(desc);
    return this;
  }

  setClass(cls: string): this {
    this.settingEl.addClass(cls);
    return this;
  }

  setTooltip(tooltip: string): this {
    this.nameEl.setAttribute('aria-label', tooltip);
    return this;
  }

  setHeading(): this {
    return this.setClass('setting-item-heading');
  }

  setDisabled(disabled: boolean): this {
    this.settingEl.toggleClass('is-disabled', disabled);
    for (const component of this.components) component.setDisabled(disabled);
    return this;
  }

  setErrorMessage(message: string | null): this {
    this.errorEl?.remove();
    this.errorEl = message ? this.infoEl.createDiv({ cls: 'setting-item-error', text: message }) : null;
    this.settingEl.toggleClass('is-invalid', Boolean(message));
    return this;
  }

  addDisplayValue(callback: With<DisplayValueComponent>): this {
    callback(new DisplayValueComponent(this.controlEl));
    return this;
  }

  addComponent<T extends BaseComponent>(make: (el: HTMLElement) => T): this {
    this.components.push(make(this.controlEl));
    return this;
  }

  addButton(callback: With<ButtonComponent>): this {
    return this.add__(new ButtonComponent(this.controlEl), callback);
  }

  addExtraButton(callback: With<ExtraButtonComponent>): this {
    return this.add__(new ExtraButtonComponent(this.controlEl), callback);
  }

  addToggle(callback: With<ToggleComponent>): this {
    return this.add__(new ToggleComponent(this.controlEl), callback);
  }

  addText(callback: With<TextComponent>): this {
    return this.add__(new TextComponent(this.controlEl), callback);
  }

  addSearch(callback: With<SearchComponent>): this {
    return this.add__(new SearchComponent(this.controlEl), callback);
  }

  addTextArea(callback: With<TextAreaComponent>): this {
    return this.add__(new TextAreaComponent(this.controlEl), callback);
  }

  addMomentFormat(callback: With<MomentFormatComponent>): this {
    return this.add__(new MomentFormatComponent(this.controlEl), callback);
  }

  addDropdown(callback: With<DropdownComponent>): this {
    return this.add__(new DropdownComponent(this.controlEl), callback);
  }

  addColorPicker(callback: With<ColorComponent>): this {
    return this.add__(new ColorComponent(this.controlEl), callback);
  }

  addProgressBar(callback: With<ProgressBarComponent>): this {
    return this.add__(new ProgressBarComponent(this.controlEl), callback);
  }

  addSlider(callback: With<SliderComponent>): this {
    return this.add__(new SliderComponent(this.controlEl), callback);
  }

  then(callback: With<this>): this {
    callback(this);
    return this;
  }

  clear(): this {
    this.controlEl.empty();
    this.components = [];
    return this;
  }

  add__<T extends BaseComponent>(component: T, callback: With<T>): this {
    this.components.push(component);
    callback(component);
    return this;
  }
}

export class SettingGroup {
  listEl: HTMLElement;
  groupEl__: HTMLElement;
  header__: HTMLElement;
  heading__: HTMLElement;

  constructor(containerEl: HTMLElement) {
    this.groupEl__ = containerEl.createDiv('setting-group');
    this.header__ = this.groupEl__.createDiv('setting-group-header');
    this.heading__ = this.header__.createDiv('setting-item-heading setting-item-name');
    this.header__.hide();
    this.listEl = this.groupEl__.createDiv('setting-items');
  }

  setHeading(text: string | DocumentFragment): this {
    this.heading__.setText(text);
    this.header__.show();
    return this;
  }

  addClass(...classes: string[]): this {
    this.groupEl__.addClass(...classes);
    return this;
  }

  addSetting(callback: With<Setting>): this {
    callback(new Setting(this.listEl));
    return this;
  }

  addSearch(callback: With<SearchComponent>): this {
    callback(new SearchComponent(this.header__));
    this.header__.show();
    return this;
  }

  addExtraButton(callback: With<ExtraButtonComponent>): this {
    callback(new ExtraButtonComponent(this.header__));
    this.header__.show();
    return this;
  }
}
