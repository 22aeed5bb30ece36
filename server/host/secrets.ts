/** Secrets that the server must know to check or make a signature. They lie beside the keys, and never in the record, a log or an export. */
export interface SecretStore {
  get(org: string, id: string, name: string): string | undefined;
  /** Durable when it returns. Undefined: forgotten. */
  put(org: string, id: string, name: string, secret: string | undefined): void;
  /** All of one thing's. */
  forget(org: string, id: string): void;
}

const nameOf = (id: string, name: string): string => `${id}/${name}`;

export function memorySecrets(): SecretStore {
  const held = new Map<string, string>();
  return {
    get: (org, id, name) => held.get(`${org}/${nameOf(id, name)}`),
    put(org, id, name, secret) {
      const key = `${org}/${nameOf(id, name)}`;
      if (secret === undefined) held.delete(key);
      else held.set(key, secret);
    },
    forget(org, id) {
      for (const key of [...held.keys()]) if (key.startsWith(`${org}/${nameOf(id, '')}`)) held.delete(key);
    },
  };
}

/** Where an organisation's secrets are written to and read from, whole. */
export interface SecretFiles {
  read(org: string): Readonly<Record<string, string>>;
  write(org: string, secrets: Readonly<Record<string, string>>): void;
}

export function keptSecrets(files: SecretFiles): SecretStore {
  const read = new Map<string, Readonly<Record<string, string>>>();
  const of = (org: string): Readonly<Record<string, string>> => {
    const found = read.get(org) ?? files.read(org);
    read.set(org, found);
    return found;
  };
  return {
    get: (org, id, name) => (Object.hasOwn(of(org), nameOf(id, name)) ? of(org)[nameOf(id, name)] : undefined),
    put(org, id, name, secret) {
      const { [nameOf(id, name)]: _before, ...others } = of(org);
      const all = secret === undefined ? others : { ...others, [nameOf(id, name)]: secret };
      files.write(org, all);
      read.set(org, all);
    },
    forget(org, id) {
      const left = Object.fromEntries(Object.entries(of(org)).filter(([key]) => !key.startsWith(nameOf(id, ''))));
      if (Object.keys(left).length === Object.keys(of(org)).length) return;
      files.write(org, left);
      read.set(org, left);
    },
  };
}
