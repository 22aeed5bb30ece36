/** In whose name texts go to the server: whoever's token this device uses needs no naming, anybody else the device's signature. */
import { utf8 } from '../../shared/kernel/bytes.ts';
import { canonical, type Json } from '../../shared/kernel/canonical.ts';
import { BEARER, type Writer } from './unsent.ts';

export interface Naming {
  /** Who writes here just now; undefined while the device is locked. */
  readonly writer: () => Writer | undefined;
  /** Whose token this device uses, once the server has said so. */
  readonly bearer: () => string | undefined;
  /** Base64. */
  readonly sign: (bytes: Uint8Array) => string | undefined;
}

export type Named = { readonly as?: string };

export const namedAs = ({ bearer }: Naming, writer: Writer | undefined): Named =>
  writer === undefined || writer === BEARER || writer === bearer() ? {} : { as: writer };

export function signed<T extends object>({ sign }: Naming, body: T): T & { readonly sig?: string } {
  const sig = sign(utf8(canonical(body as Json)));
  return sig === undefined ? body : { ...body, sig };
}
