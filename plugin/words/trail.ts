/** A trail told for people. */
import { plural } from './plural.ts';

export const trailWords = {
  machine: 'a machine',
  rule: 'a rule',
  server: 'the server',
  notShown: 'Not shown to you',
  notHere: 'Not on this device',
  fromHere: 'Told from what this device holds; the server knows more when it can be reached.',
  moreHappened: 'More happened to what is shown than you may see.',
  cut: 'It is longer than can be shown here, and was cut.',
  picture: (summary: string) => `Picture of the trail. ${summary}`,
  of: (name: string) => `Trail of ${name}`,
  beginsHere: 'It begins here.',
  beginsWith: (name: string) => `It begins with ${name}.`,
  beginnings: (count: number) => `It has ${count} beginnings.`,
  goesInCircle: 'It goes in a circle.',
  nearest: (count: number) => ` The picture shows the nearest ${count} of them.`,
  open: (name: string) => `Open ${name}`,
  gone: 'This item is not on this device any more. Try again when the server can be reached.',
  savedAs: (path: string) => `Saved as ${path}.`,
  notSaved: (why: string) => `The trail could not be saved: ${why}`,
  title: 'Audit trail',
  save: 'Save trail as note',
  ledTo: 'led to',
  includes: 'includes',
  escalatedTo: 'escalated to',
  followedBy: 'followed by',
  somebody: 'somebody',
  partNotHere: (count: number) =>
    `${plural(count, { one: 'One item of it is', other: `${count} items of it are` })} not on this device.`,
  partNotShown: (count: number) =>
    `It goes on where you may not look: ${plural(count, { one: 'one item', other: `${count} items` })}.`,
  summary: (items: number, steps: number, begins: string, led: number, name: string, followed: number, more: string) =>
    `${plural(items, { one: `${items} item`, other: `${items} items` })}, ${plural(steps, { one: `${steps} entry`, other: `${steps} entries` })}. ${begins} ${led} led to ${name}, ${followed} followed from it.${more}`,
} as const;
