/**
 * A sealed shift as one markdown note. Two regions carry the proof: the report, byte for byte, and the seal with its signatures. Front
 * matter and everything outside the regions belong to people and other programs and prove nothing.
 */
import { parseSshPublicKey, sshPublicKey } from './ssh-key.ts';

export interface NoteSeal {
  readonly sealText: string;
  /** SSHSIG armor. */
  readonly signature: string;
  readonly trustText: string;
  readonly trustSignature: string;
  /** 32 bytes. */
  readonly rootKey: Uint8Array;
}

export interface SealedNote extends NoteSeal {
  readonly report: string;
}

const start = (name: string): string => `%% operary:${name} %%`;
const end = (name: string): string => `%% /operary:${name} %%`;
const fence = (kind: string, text: string): string => `\`\`\`${kind}\n${text}\`\`\`\n`;

const ARMOR = '-----BEGIN SSH SIGNATURE-----\n';
const ARMOR_END = '-----END SSH SIGNATURE-----\n';

/** The report between its markers, no newline after the last. Throws unless it ends in LF, has no CR and no marker line of ours. */
export function reportRegion(report: string): string {
  if (!report.endsWith('\n') || report.includes('\r')) throw new Error('A report ends in LF and has no CR.');
  if (/^%% \/?operary:/m.test(report)) throw new Error('A report cannot hold the markers of a region.');
  return `${start('report')}\n${report}${end('report')}`;
}

/** The seal between its markers, no newline after the last. */
export function sealRegion({ sealText, signature, trustText, trustSignature, rootKey }: NoteSeal): string {
  const trust = `${trustText}${trustSignature}${sshPublicKey(rootKey)}\n`;
  const blocks = [
    fence('operary-seal', sealText),
    fence('operary-signature', signature),
    fence('operary-trust', trust),
  ];
  return `${start('seal')}\n${blocks.join('')}${end('seal')}`;
}

/** What the regions of a note hold. CRLF is read as LF. Throws when a region is missing, doubled or of another form. */
export function readSealedNote(note: string): SealedNote {
  const text = note.replaceAll('\r\n', '\n');
  const seal = parseSealRegion(region(text, 'seal'));
  if (`${start('seal')}\n${region(text, 'seal')}${end('seal')}` !== sealRegion(seal))
    throw new Error('The seal region of the note has another form.');
  return { ...seal, report: region(text, 'report') };
}

/** Between the only start line and the only end line of that name. */
function region(text: string, name: string): string {
  const lines = text.split('\n');
  const only = (marker: string): number => {
    const at = lines.indexOf(marker);
    if (at < 0) throw new Error(`The note has no line "${marker}".`);
    if (lines.indexOf(marker, at + 1) >= 0) throw new Error(`The note has the line "${marker}" more than once.`);
    return at;
  };
  const [from, to] = [only(start(name)), only(end(name))];
  if (from > to) throw new Error(`The region ${name} of the note ends before it begins.`);
  return lines
    .slice(from + 1, to)
    .map((line) => `${line}\n`)
    .join('');
}

// No line of a block begins with a fence: a statement's lines begin with their labels.
const LINES = '((?:(?!```)[^\\n]*\\n)*)```\\n';
const BLOCKS = new RegExp(
  `^\`\`\`operary-seal\\n${LINES}\`\`\`operary-signature\\n${LINES}\`\`\`operary-trust\\n${LINES}$`,
);

function parseSealRegion(text: string): NoteSeal {
  const found = BLOCKS.exec(text);
  if (!found) throw new Error('The seal region of the note does not hold its three blocks.');
  const [, sealText = '', signature = '', trust = ''] = found;
  const [from, to] = [trust.indexOf(ARMOR), trust.indexOf(ARMOR_END) + ARMOR_END.length];
  if (from < 0 || to < from + ARMOR.length) throw new Error("The note's trust block has no signature.");
  return {
    sealText,
    signature,
    trustText: trust.slice(0, from),
    trustSignature: trust.slice(from, to),
    rootKey: parseSshPublicKey(trust.slice(to, -1)),
  };
}
