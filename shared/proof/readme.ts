/** README.txt of a bundle: how a stranger checks it with tools that are not ours. */
import { escapeLine } from './statement.ts';
import { SEAL_NAMESPACE } from './seal.ts';
import type { Seal } from './seal.ts';
import { sshInstant } from './ssh-key.ts';
import { rootPrincipal, sealPrincipal, TRUST_NAMESPACE } from './trust.ts';
import type { Trust } from './trust.ts';

export function readmeText(seal: Seal, trust: Trust, hasSignatures: boolean): string {
  return `EVIDENCE OF A SEALED SHIFT

${escapeLine(seal.record)}
${escapeLine(seal.organisationName)} (${seal.organisation})
Sealed at ${seal.sealedAt}

This folder holds the record of one shift as it was sealed, and what is needed to check it without network and without
the product that wrote it. Read data/report.md; data/evidence.jsonl holds every entry behind it, one a line.


BEFORE ANYTHING ELSE: THE FINGERPRINT

Whoever can replace this folder can replace the keys in it too. The organisation's root fingerprint must come to you
from outside: a contract, a poster in the plant, an earlier bundle, a telephone call. This folder claims

    ${trust.rootFingerprint}

and every check below is worth as much as your own copy of that line.


1  THE FILES ARE THE ONES THAT WERE PACKED

    sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt

Expected: "OK" on every line. (macOS: shasum -a 256 -c FILE.) A file that is in no list is not part of the evidence.


2  THE ROOT KEY VOUCHES FOR THE KEYS

    ssh-keygen -lf trust/org-root.pub
    ssh-keygen -Y verify -f trust/allowed_signers -I ${rootPrincipal(trust.origin)} -n ${TRUST_NAMESPACE} -Overify-time=${sshInstant(trust.createdAt)} -s trust/trust.txt.sig < trust/trust.txt

Expected: the fingerprint that you know from outside, twice, the second time as
    Good "${TRUST_NAMESPACE}" signature for ${rootPrincipal(trust.origin)} with ED25519 key ${trust.rootFingerprint}
Then read trust/trust.txt: the key on its line "Seal key" is the one in the first line of trust/allowed_signers.


3  THE SEAL IS THE ORGANISATION'S

    ssh-keygen -Y verify -f trust/allowed_signers -I ${sealPrincipal(trust.origin)} -n ${SEAL_NAMESPACE} -Overify-time=${sshInstant(seal.sealedAt)} -s seal.txt.sig < seal.txt

Expected: Good "${SEAL_NAMESPACE}" signature for ${sealPrincipal(trust.origin)} with ED25519 key SHA256:...


4  THE SEAL SPEAKS OF THESE FILES

    sha256sum data/report.md manifest-sha256.txt

Expected: the digests on the lines "Report SHA-256" and "Manifest SHA-256" of seal.txt.


5  NOTHING WAS LEFT OUT, AND THE LOG KNOWS OF IT

"Shift root" in seal.txt is the RFC 6962 tree over the lines of data/evidence.jsonl. proofs/seal.tlog-proof
(c2sp.org/tlog-proof@v1) shows that proofs/sealed-leaf.json is in the organisation's log, whose head the key in
trust/log.vkey has signed. All of it at once, with the product:

    operary verify . --root FINGERPRINT

Exit code 0: valid. 2: valid, but the trust came from this folder. 1: invalid. 3: cannot judge.


NOTES

- The time behind -Overify-time is the time of the statement, in UTC: "Z" needs OpenSSH 9.1. With an older one set TZ=UTC0
  and leave the Z out; before 8.7 leave the option out.
- Windows: run the ssh-keygen lines in cmd.exe, where "<" hands over the bytes as they are. PowerShell changes line ends and the
  signature fails. certutil -hashfile FILE SHA256 stands in for sha256sum.
- Fields marked {"$commit": ...} in an entry are erasable: disclosures.json holds what has not been erased. It stands outside
  data/ so that a lawful erasure breaks no seal.
- proofs/addenda.jsonl, when it is there, holds what was recorded after the seal, each entry with its own proof.
${hasSignatures ? SIGNED : ''}`;
}

const SIGNED = `- signatures.jsonl holds what devices signed (Ed25519), by the number of the entry: "text" is the exact command, and its SHA-256
  stands in the entry as "command". proofs/devices.jsonl holds the entry that paired each device with its key. "operary verify"
  checks both.
`;
