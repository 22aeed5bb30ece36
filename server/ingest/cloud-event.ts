/**
 * CloudEvents 1.0 over HTTP, by our own reading: the official library invents an id where a structured event has none, and does not decode
 * what it sends in headers. In binary mode attributes are headers, in structured mode members of an object, in a batch a list of those.
 */
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { isObject, type Loose, type Message } from './adapter.ts';
import { headerText } from './header-text.ts';
import { jsonIn, missing, textIn } from './reading.ts';

export interface CloudEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string | null;
  readonly time: string | null;
  /** All attributes, the extensions too. */
  readonly attributes: Loose;
  /** An object, where the event carries JSON; a text, where it carries text. */
  readonly data: unknown;
}

/** What a request carries, before any of it is judged. */
export interface Carried {
  readonly attributes: Loose;
  readonly data: unknown;
}

export function carriedBy({ headers, body }: Message): readonly Carried[] | Refusal {
  const type = (headers['content-type'] ?? '').trim().toLowerCase();
  // The batch first: the other is a prefix of it.
  const format = ['application/cloudevents-batch', 'application/cloudevents'].find((prefix) => type.startsWith(prefix));
  if (!format && 'ce-specversion' in headers) return [binary(headers, body)];
  if (format && /^\+(?!json\b)/.test(type.slice(format.length)))
    return refuse('unsupported-media-type', 'Of the formats of CloudEvents only JSON is understood.');
  const read = jsonIn(body);
  if (isRefusal(read)) return read;
  const list = Array.isArray(read.value) ? (read.value as unknown[]) : null;
  if (format === 'application/cloudevents-batch' && !list)
    return missing('', 'A batch of CloudEvents is a list.', 'not a list');
  if (format === 'application/cloudevents' && list)
    return missing('', 'A structured CloudEvent is one object.', 'a list');
  return (list ?? [read.value]).map(structured);
}

/** The event, or which of the attributes that it must have is missing. */
export function eventOf({ attributes, data }: Carried): CloudEvent | Refusal {
  const said = (name: string): string | null => {
    const value = attributes[name];
    return typeof value === 'string' && value.trim() ? value : null;
  };
  const [id, source, type, version] = ['id', 'source', 'type', 'specversion'].map(said);
  if (!version) return missing('/specversion', 'This is not a CloudEvent: it has no specversion.');
  if (!/^1\.\d+$/.test(version))
    return missing(
      '/specversion',
      `Version ${version.slice(0, 20)} of CloudEvents is not understood; send 1.0.`,
      'unknown',
    );
  const none = Object.entries({ id, source, type }).find(([, value]) => !value)?.[0];
  if (!id || !source || !type) return missing(`/${none}`, `The ${none} of a CloudEvent is missing or empty.`);
  return { id, source, type, subject: said('subject'), time: said('time'), attributes, data };
}

function binary(headers: Message['headers'], body: Uint8Array): Carried {
  const attributes = Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('ce-') ? [[name.slice(3), headerText(value)]] : [],
    ),
  );
  return { attributes, data: dataIn(body, headers['content-type']) };
}

function structured(item: unknown): Carried {
  if (!isObject(item)) return { attributes: {}, data: null };
  const { data, data_base64: packed, ...attributes } = item;
  if (typeof packed !== 'string') return { attributes, data };
  const type = attributes['datacontenttype'];
  return { attributes, data: dataIn(Buffer.from(packed, 'base64'), typeof type === 'string' ? type : undefined) };
}

/** By its media type, as JSON where it has none; bytes that are neither JSON nor text say nothing here. */
function dataIn(bytes: Uint8Array, type = 'application/json'): unknown {
  if (/^text\//i.test(type.trim())) return textIn(bytes);
  if (!/[/+]json\b/i.test(type)) return null;
  const read = jsonIn(bytes);
  return isRefusal(read) ? null : read.value;
}
