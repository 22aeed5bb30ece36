/** Checks on what devices signed: each signature under the key that the organisation's own log paired with the device. */
import type { BundleView } from './bundle-view.ts';
import { pairedKey, requireSigned } from './device-signature.ts';
import { SIGNATURES } from './layout.ts';
import { everyEntry, requireAscending, requireOneLog } from './logged.ts';
import { must, slowly, within } from './verdict.ts';
import type { Check } from './verdict.ts';

export const pairedDevices: Check<BundleView> = {
  name: 'devices',
  run: (bundle) => {
    const found = bundle.devices();
    if (found.length === 0) return 'No device signed anything here';
    requireAscending(found, 0);
    for (const { leaf, place } of found) within(place, () => pairedKey(leaf));
    requireOneLog(bundle, [bundle.sealedEntry(), ...bundle.addenda(), ...found]);
    const named = new Set(bundle.signatures().map(({ device }) => device));
    const stray = found.find(({ leaf }) => !named.has(leaf.subject.id));
    must(stray === undefined, `${stray?.place}: this device signed nothing here.`);
    return `Devices paired with a key, each pairing in the log: ${found.length}`;
  },
};

export const deviceSignatures: Check<BundleView> = {
  name: 'device signatures',
  *run(bundle) {
    const all = everyEntry(bundle);
    const leaves = new Map(all.map(({ leaf }) => [leaf.seq, leaf]));
    const pairings = new Map(bundle.devices().map(({ leaf }) => [leaf.subject.id, leaf]));
    const found = bundle.signatures();
    yield* slowly(found, (signature, i) => {
      const [leaf, pairing] = [leaves.get(signature.seq), pairings.get(signature.device)];
      within(`${SIGNATURES} line ${i + 1}`, () => {
        must(leaf !== undefined, `There is no entry ${signature.seq}.`);
        must(pairing !== undefined, `There is no pairing of the device ${signature.device}.`);
        requireSigned(signature, leaf, pairing);
      });
    });
    const others = all.length - found.length;
    return `${found.length} of ${all.length} entries signed by their device; ${others} recorded by the server without one`;
  },
};

export const DEVICE_CHECKS: readonly Check<BundleView>[] = [pairedDevices, deviceSignatures];
