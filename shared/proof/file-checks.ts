/** Checks on a bundle's files as files: the right ones, nothing more, and every byte accounted for. */
import type { BundleView } from './bundle-view.ts';
import { rootKeyLine } from './bundle.ts';
import { requireVersion } from './format.ts';
import { ADDENDA, addendumProof, attachmentDigest, BAGIT_TEXT, bagInfoText, BUNDLE_VERSION } from './layout.ts';
import { deviceProof, DEVICES, FILE, manifestOf, SIGNATURES, tagManifestOf, VERSION_LABEL } from './layout.ts';
import { allowedSigners } from './trust.ts';
import { must } from './verdict.ts';
import type { Check } from './verdict.ts';

export const format: Check<BundleView> = {
  name: 'format',
  run: (bundle) => {
    const version = bundle
      .text(FILE.bagInfo)
      .split('\n')
      .find((line) => line.startsWith(VERSION_LABEL));
    requireVersion(version ?? '', VERSION_LABEL, BUNDLE_VERSION);
    must(
      bundle.text(FILE.bagInfo) === bagInfoText(bundle.seal(), bundle.files),
      'bag-info.txt does not describe this bundle.',
    );
    must(bundle.text(FILE.bagit) === BAGIT_TEXT, 'bagit.txt is not that of BagIt 1.0.');
    return 'Evidence bundle version 1, BagIt 1.0';
  },
};

export const layout: Check<BundleView> = {
  name: 'layout',
  run: ({ files, addenda, devices }) => {
    const required: string[] = Object.values(FILE);
    const missing = required.filter((path) => !files.has(path));
    must(missing.length === 0, `Missing: ${missing.join(', ')}.`);
    const proofs = files.has(ADDENDA) ? [ADDENDA, ...addenda().map((_, place) => addendumProof(place))] : [];
    must(proofs.length !== 1, `${ADDENDA} is empty.`);
    const paired = files.has(DEVICES) ? [DEVICES, SIGNATURES, ...devices().map((_, place) => deviceProof(place))] : [];
    must(paired.length !== 2, `${DEVICES} is empty.`);
    const known = new Set([...required, ...proofs, ...paired]);
    const extra = [...files.keys()].filter((path) => !known.has(path) && attachmentDigest(path) === undefined);
    must(extra.length === 0, `Not part of a bundle: ${extra.join(', ')}.`);
    return `Files: ${files.size}, none missing, none too many`;
  },
};

export const payloadManifest: Check<BundleView> = {
  name: 'manifest',
  everyVersion: true,
  *run(bundle) {
    const manifest = bundle.text(FILE.manifest);
    yield* bundle.readFiles();
    must(
      manifest === manifestOf(bundle.files, bundle.digest),
      `${FILE.manifest} is not the list of the files under data/.`,
    );
    must(bundle.digest(FILE.manifest) === bundle.seal().manifestSha256, 'The manifest is not the sealed one.');
    return 'Every file under data/ is listed, and the list is the sealed one';
  },
};

export const tagManifest: Check<BundleView> = {
  name: 'tag manifest',
  everyVersion: true,
  run: (bundle) => {
    must(
      bundle.text(FILE.tagManifest) === tagManifestOf(bundle.files, bundle.digest),
      `${FILE.tagManifest} is not the list of the other files.`,
    );
    return 'Every other file is as it was packed';
  },
};

/** The files that foreign tools take keys from must say what the signed trust statement says. */
export const trustFiles: Check<BundleView> = {
  name: 'trust files',
  run: (bundle) => {
    const [trust, root] = [bundle.trust(), bundle.rootKey()];
    must(bundle.text(FILE.allowedSigners) === allowedSigners(trust, root), `${FILE.allowedSigners} names other keys.`);
    must(bundle.text(FILE.logKey) === `${trust.logKey}\n`, `${FILE.logKey} is another key.`);
    must(bundle.text(FILE.rootKey) === rootKeyLine(root), `${FILE.rootKey} is of another form.`);
    return 'The key files hold the keys of the trust statement';
  },
};

export const attachments: Check<BundleView> = {
  name: 'attachments',
  run: ({ files, digest }) => {
    const found = [...files.keys()].filter((path) => attachmentDigest(path) !== undefined);
    const wrong = found.filter((path) => digest(path) !== attachmentDigest(path));
    must(wrong.length === 0, `Not the file that its name says: ${wrong.join(', ')}.`);
    return `Attachments that are what their names say: ${found.length}`;
  },
};

export const FILE_CHECKS: readonly Check<BundleView>[] = [
  format,
  layout,
  payloadManifest,
  tagManifest,
  trustFiles,
  attachments,
];
