/** What the server knows of each device: what it said when it last spoke, and the numbers that arrived from it. */
import { gapsIn, type Contact, type Numbered } from './device.ts';

type Said = Omit<Contact, 'received' | 'gaps'>;

export function contactsFrom(said: ReadonlyMap<string, Said>, receipts: readonly Numbered[]): Contact[] {
  const numbers = new Map<string, Set<number>>();
  for (const { device, deviceSeq } of receipts) {
    let seen = numbers.get(device);
    if (!seen) numbers.set(device, (seen = new Set()));
    seen.add(deviceSeq);
  }
  return [...new Set([...said.keys(), ...numbers.keys()])].sort().map((device) => {
    const arrived = [...(numbers.get(device) ?? [])].sort((a, b) => a - b);
    const last = said.get(device) ?? { device, user: null, at: null, lastDeviceSeq: 0, outboxDepth: 0 };
    return { ...last, received: arrived.at(-1) ?? 0, gaps: gapsIn(arrived) };
  });
}
