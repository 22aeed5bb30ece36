/**
 * Objects that Obsidian owns throw when a plugin touches what the public typings do not promise.
 * Names that end in two underscores are the harness's own; a conformance test keeps everything else to the typings.
 */
const passes = new Set(['then', 'toJSON', 'constructor', 'nodeType', 'asymmetricMatch']);

export class PrivateApi extends Error {}

export function strict<T extends object>(value: T, name: string): T {
  return new Proxy(value, {
    get(target, key, receiver) {
      if (typeof key === 'symbol' || key in target || key.endsWith('__') || passes.has(key)) {
        return Reflect.get(target, key, receiver) as unknown;
      }
      throw new PrivateApi(`${name}.${key} is not in Obsidian's public typings.`);
    },
  });
}
