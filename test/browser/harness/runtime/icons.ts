/** A handful of Lucide icons (ISC licence), those that plugins here use; any other name draws a plain ring. */

const paths: Record<string, string> = {
  'alert-triangle':
    '<path d="m21.7 18-8-14a2 2 0 0 0-3.4 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.7-3Z"/><path d="M12 9v4M12 17h.01"/>',
  'align-left': '<path d="M21 6H3M15 12H3M17 18H3"/>',
  archive:
    '<rect width="20" height="5" x="2" y="3" rx="1"/><path d="M4 8v11a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V8M10 12h4"/>',
  'arrow-right': '<path d="M5 12h14M12 5l7 7-7 7"/>',
  bell: '<path d="M6 8a6 6 0 0 1 12 0c0 7 3 9 3 9H3s3-2 3-9M10.3 21a2 2 0 0 0 3.4 0"/>',
  binary: '<path d="M6 20v-6h4v6zM14 4h4v6h-4zM6 4h2v6M14 14h2v6"/>',
  'book-open': '<path d="M12 7v14M3 18V4h6a3 3 0 0 1 3 3 3 3 0 0 1 3-3h6v14h-6a3 3 0 0 0-3 3 3 3 0 0 0-3-3z"/>',
  calendar: '<rect width="18" height="18" x="3" y="4" rx="2"/><path d="M16 2v4M8 2v4M3 10h18"/>',
  check: '<path d="M20 6 9 17l-5-5"/>',
  'check-circle-2': '<circle cx="12" cy="12" r="10"/><path d="m9 12 2 2 4-4"/>',
  'check-square': '<rect width="18" height="18" x="3" y="3" rx="2"/><path d="m9 12 2 2 4-4"/>',
  'chevron-down': '<path d="m6 9 6 6 6-6"/>',
  'chevron-right': '<path d="m9 18 6-6-6-6"/>',
  clipboard:
    '<rect width="8" height="4" x="8" y="2" rx="1"/><path d="M16 4h2a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2h2"/>',
  'clipboard-list':
    '<rect width="8" height="4" x="8" y="2" rx="1"/><path d="M16 4h2a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2h2M12 11h4M12 16h4M8 11h.01M8 16h.01"/>',
  clock: '<circle cx="12" cy="12" r="10"/><path d="M12 6v6l4 2"/>',
  cloud: '<path d="M17.5 19H9a7 7 0 1 1 6.7-9h1.8a4.5 4.5 0 1 1 0 9Z"/>',
  'cloud-off':
    '<path d="m2 2 20 20M5.8 5.8A7 7 0 0 0 9 19h8.5a4.5 4.5 0 0 0 1.3-.2M21.5 16.5A4.5 4.5 0 0 0 17.5 10h-1.8A7 7 0 0 0 10 5"/>',
  download: '<path d="M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4M7 10l5 5 5-5M12 15V3"/>',
  'external-link': '<path d="M15 3h6v6M10 14 21 3M18 13v6a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h6"/>',
  factory:
    '<path d="M2 20a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2V8l-7 5V8l-7 5V4a2 2 0 0 0-2-2H4a2 2 0 0 0-2 2ZM17 18h1M12 18h1M7 18h1"/>',
  'file-text':
    '<path d="M15 2H6a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V7Z"/><path d="M14 2v5h6M8 13h8M8 17h8M8 9h2"/>',
  flag: '<path d="M4 22V4a1 1 0 0 1 .4-.8A6 6 0 0 1 8 2c3 0 5 2 7.3 2q2 0 3.1-.8A1 1 0 0 1 20 4v10a1 1 0 0 1-.4.8A6 6 0 0 1 16 16c-3 0-5-2-8-2a6 6 0 0 0-4 1.5"/>',
  folder: '<path d="M20 20a2 2 0 0 0 2-2V8a2 2 0 0 0-2-2h-8l-2-3H4a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2Z"/>',
  forward: '<path d="m15 17 5-5-5-5M4 18v-2a4 4 0 0 1 4-4h12"/>',
  hand: '<path d="M18 11V6a2 2 0 0 0-4 0M14 10V4a2 2 0 0 0-4 0v2M10 10.5V6a2 2 0 0 0-4 0v8M18 8a2 2 0 1 1 4 0v6a8 8 0 0 1-8 8h-2c-2.8 0-4.5-.9-6-2.3l-3.6-3.6a2 2 0 0 1 2.8-2.8L7 15"/>',
  history: '<path d="M3 12a9 9 0 1 0 9-9 9.8 9.8 0 0 0-6.7 2.7L3 8M3 3v5h5M12 7v5l4 2"/>',
  inbox:
    '<path d="M22 12h-6l-2 3h-4l-2-3H2M5.5 5.1 2 12v6a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-6l-3.5-6.9A2 2 0 0 0 16.8 4H7.200a2 2 0 0 0-1.7 1.100z"/>',
  info: '<circle cx="12" cy="12" r="10"/><path d="M12 16v-4M12 8h.01"/>',
  list: '<path d="M8 6h13M8 12h13M8 18h13M3 6h.01M3 12h.01M3 18h.01"/>',
  'list-checks': '<path d="m3 17 2 2 4-4M3 7l2 2 4-4M13 6h8M13 12h8M13 18h8"/>',
  lock: '<rect width="18" height="11" x="3" y="11" rx="2"/><path d="M7 11V7a5 5 0 0 1 10 0v4"/>',
  menu: '<path d="M4 12h16M4 6h16M4 18h16"/>',
  'more-vertical': '<circle cx="12" cy="12" r="1"/><circle cx="12" cy="5" r="1"/><circle cx="12" cy="19" r="1"/>',
  pause: '<path d="M6 4h4v16H6zM14 4h4v16h-4z"/>',
  pencil:
    '<path d="M21.2 6.800a1 1 0 0 0-4-4L3.8 16.200a2 2 0 0 0-.5.8L2 21.400a.5.5 0 0 0 .6.6l4.4-1.300a2 2 0 0 0 .8-.5zM15 5l4 4"/>',
  play: '<path d="m6 3 14 9-14 9z"/>',
  plus: '<path d="M5 12h14M12 5v14"/>',
  'refresh-cw':
    '<path d="M3 12a9 9 0 0 1 9-9 9.8 9.8 0 0 1 6.7 2.700L21 8M21 3v5h-5M21 12a9 9 0 0 1-9 9 9.8 9.8 0 0 1-6.7-2.700L3 16M8 16H3v5"/>',
  search: '<circle cx="11" cy="11" r="8"/><path d="m21 21-4.3-4.3"/>',
  send: '<path d="m22 2-7 20-4-9-9-4ZM22 2 11 13"/>',
  settings:
    '<circle cx="12" cy="12" r="3"/><path d="M12 2v3M12 19v3M4.9 4.9 7 7M17 17l2.1 2.100M2 12h3M19 12h3M4.9 19.1 7 17M17 7l2.1-2.1"/>',
  'shield-check':
    '<path d="M20 13c0 5-3.5 7.5-7.7 9a1 1 0 0 1-.6 0C7.5 20.5 4 18 4 13V6a1 1 0 0 1 1-1c2 0 4.5-1.2 6.2-2.700a1.2 1.2 0 0 1 1.6 0C14.5 3.8 17 5 19 5a1 1 0 0 1 1 1z"/><path d="m9 12 2 2 4-4"/>',
  stamp:
    '<path d="M5 22h14M19.3 13.700A2.5 2.5 0 0 0 17.5 13h-11A2.5 2.5 0 0 0 4 15.500V17a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-1.500c0-.7-.3-1.3-.7-1.800M14 13V8.500C14 7 15 7 15 5a3 3 0 0 0-6 0c0 2 1 2 1 3.500V13"/>',
  tags: '<path d="m15 5 6.3 6.300a2.4 2.4 0 0 1 0 3.400L17 19M9.6 5.600A2 2 0 0 0 8.2 5H3a1 1 0 0 0-1 1v5.200a2 2 0 0 0 .6 1.400l5.7 5.700a2.4 2.4 0 0 0 3.4 0l3.6-3.600a2.4 2.4 0 0 0 0-3.400zM6.5 9.500h.01"/>',
  user: '<path d="M19 21v-2a4 4 0 0 0-4-4H9a4 4 0 0 0-4 4v2"/><circle cx="12" cy="7" r="4"/>',
  users:
    '<path d="M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2"/><circle cx="9" cy="7" r="4"/><path d="M22 21v-2a4 4 0 0 0-3-3.900M16 3.100a4 4 0 0 1 0 7.8"/>',
  'wifi-off':
    '<path d="M12 20h.01M8.5 16.400a5 5 0 0 1 7 0M5 12.900a10 10 0 0 1 5.2-2.700M19 12.900a10 10 0 0 0-2-1.500M2 8.800a15 15 0 0 1 4.2-2.600M22 8.800a15 15 0 0 0-11.3-3.800M2 2l20 20"/>',
  wrench:
    '<path d="M14.7 6.300a1 1 0 0 0 0 1.400l1.6 1.600a1 1 0 0 0 1.4 0l3.8-3.800a6 6 0 0 1-7.9 7.900l-6.9 6.900a2.1 2.1 0 0 1-3-3l6.9-6.900a6 6 0 0 1 7.9-7.900z"/>',
  x: '<path d="M18 6 6 18M6 6l12 12"/>',
  zap: '<path d="M4 14a1 1 0 0 1-.8-1.600l9.9-10.200a.5.5 0 0 1 .9.500l-2 6A1 1 0 0 0 13 10h7a1 1 0 0 1 .8 1.600l-9.9 10.200a.5.5 0 0 1-.9-.5l2-6A1 1 0 0 0 11 14z"/>',
};

const added = new Map<string, string>();

export function getIcon(id: string): SVGSVGElement | null {
  const name = id.replace(/^lucide-/, '');
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const custom = added.get(id);
  const attributes = {
    viewBox: custom ? '0 0 100 100' : '0 0 24 24',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': custom ? '4' : '2',
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  svg.setAttribute('stroke-linecap', 'round');
  svg.setAttribute('stroke-linejoin', 'round');
  svg.setAttribute('class', `svg-icon lucide-${name}`);
  svg.innerHTML = custom ?? paths[name] ?? '<circle cx="12" cy="12" r="9"/>';
  return svg;
}

export function setIcon(parent: HTMLElement, iconId: string): void {
  parent.replaceChildren(getIcon(iconId) ?? '');
}

export function addIcon(iconId: string, svgContent: string): void {
  added.set(iconId, svgContent);
}

export function removeIcon(iconId: string): void {
  added.delete(iconId);
}

export const getIconIds = (): string[] => [...Object.keys(paths), ...added.keys()];
