// Shows /openapi.json. Text goes in as text, never as HTML.
const GROUP_LAST = ['files', 'ingest', 'feed', 'sync', 'audit', 'log', 'server'];

/** Every command takes these; they come last. */
const ALWAYS = ['reason', 'occurredAt'];

const document_ = await (await fetch('/openapi.json')).json();
const components = document_.components.schemas;

const make = (tag, props = {}, ...children) => {
  const { dataset, ...plain } = props;
  const element = Object.assign(document.createElement(tag), plain);
  Object.assign(element.dataset, dataset);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
};

const resolved = (schema) => {
  if (schema?.$ref) return resolved(components[schema.$ref.split('/').at(-1)]);
  if (!schema?.allOf) return schema ?? {};
  const parts = schema.allOf.map(resolved);
  return {
    type: 'object',
    properties: Object.assign({}, ...parts.map((part) => part.properties)),
    required: parts.flatMap((part) => part.required ?? []),
  };
};

const typeOf = (schema) => {
  if (schema.$ref) return schema.$ref.split('/').at(-1);
  const { type, enum: words, const: only, anyOf, oneOf, items, format } = schema;
  if (only !== undefined) return JSON.stringify(only);
  if (words) return words.map((word) => JSON.stringify(word)).join(' | ');
  if (anyOf ?? oneOf) return (anyOf ?? oneOf).map(typeOf).join(' | ');
  if (type === 'array') return `${typeOf(items ?? {})}[]`;
  if (schema.properties) return `{${Object.keys(schema.properties).join(', ')}}`;
  const name = Array.isArray(type) ? type.join(' | ') : (type ?? 'any');
  return format && format !== 'binary' ? `${name} (${format})` : name;
};

const limitsOf = ({ maxLength, minimum, maximum, maxItems }) =>
  [
    maxLength && `at most ${maxLength} characters`,
    maxItems && `at most ${maxItems}`,
    minimum !== undefined && minimum > 0 && `from ${minimum}`,
    maximum !== undefined && maximum < 1e9 && `to ${maximum}`,
  ].filter(Boolean);

const exampleOf = (schema, depth = 0) => {
  const it = resolved(schema);
  if (it.example !== undefined) return it.example;
  if (it.default !== undefined) return it.default;
  if (it.const !== undefined) return it.const;
  if (it.enum) return it.enum[0];
  if (it.anyOf ?? it.oneOf) return exampleOf((it.anyOf ?? it.oneOf).find((each) => each.type !== 'null') ?? {}, depth);
  const type = Array.isArray(it.type) ? it.type[0] : it.type;
  if (it.properties && depth < 4)
    return Object.fromEntries(
      Object.entries(it.properties).map(([key, member]) => [key, exampleOf(member, depth + 1)]),
    );
  if (type === 'array') return depth < 3 ? [exampleOf(it.items ?? {}, depth + 1)] : [];
  if (type === 'object') return {};
  if (type === 'integer' || type === 'number') return Math.max(it.minimum ?? 1, 1);
  if (type === 'boolean') return true;
  if (it.format === 'date-time') return '2026-11-21T06:00:00Z';
  if (it.pattern?.includes('[0-9a-f]{12}')) return '0199f0c2-7c1e-7a55-9d0e-2f6f1f0b8a11';
  if (it.pattern?.includes('{64}')) return 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  return '…';
};

/** What must be said, and what says something by itself; the optional rest only clutters a first try. */
const requestExample = (schema) => {
  const it = resolved(schema);
  const required = new Set(it.required ?? []);
  const chosen = Object.entries(it.properties ?? {}).filter(([key]) => required.has(key));
  return Object.fromEntries(chosen.map(([key, member]) => [key, exampleOf(member, 1)]));
};

const words = (text) =>
  text
    .split(/(`[^`]+`)/)
    .map((part) => (part.startsWith('`') ? make('code', { textContent: part.slice(1, -1) }) : part));

const fieldRows = (schema, depth = 0) => {
  const it = resolved(schema);
  const required = new Set(it.required ?? []);
  const rank = ([name]) => (required.has(name) ? 0 : ALWAYS.includes(name) ? 2 : 1);
  const entries = Object.entries(it.properties ?? {}).sort((a, b) => rank(a) - rank(b));
  return entries.flatMap(([name, member]) => {
    const says = [
      member.description,
      member.default !== undefined && `default \`${JSON.stringify(member.default)}\``,
      ...limitsOf(member),
    ]
      .filter(Boolean)
      .join(' · ');
    const row = make(
      'tr',
      {},
      make(
        'td',
        { className: `field${depth ? ' deep' : ''}` },
        make('span', { className: required.has(name) ? 'must' : '', textContent: name }),
      ),
      make(
        'td',
        {},
        make('span', { className: 'type', textContent: typeOf(member) }),
        make('span', { className: 'says' }, says ? [' — ', ...words(says)] : []),
      ),
    );
    const inner = member.type === 'array' ? member.items : member;
    const opens =
      depth < 2 && inner && !inner.$ref && (inner.properties || (inner.anyOf ?? []).some((each) => each.properties));
    const insides = opens ? (inner.properties ? [inner] : inner.anyOf) : [];
    return [row, ...insides.flatMap((each) => fieldRows(each, depth + 1))];
  });
};

const fields = (schema) => make('table', {}, fieldRows(schema));

const codeBlock = (text) => {
  const copy = make('button', { type: 'button', textContent: 'Copy' });
  copy.addEventListener('click', async () => {
    await navigator.clipboard?.writeText(text);
    copy.textContent = 'Copied';
  });
  return make('pre', {}, copy, make('code', { textContent: text }));
};

const curlOf = (method, path, operation) => {
  const open = operation.security?.length === 0;
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const lines = [`curl -s${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} ${location.origin}${path}`];
  if (!open) lines.push('-H "Authorization: Bearer $TOKEN"');
  if (type === 'application/json') {
    const body = requestExample(content.schema);
    if (Object.keys(body).length)
      lines.push('-H "Content-Type: application/json"', `-d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`);
  } else if (type) lines.push(`-H "Content-Type: ${type}"`, '--data-binary @FILE');
  return lines.join(' \\\n  ');
};

const routeCard = (method, path, operation) => {
  const id = `${method}${path.replace(/[^a-z]+/gi, '-')}`;
  const parameters = operation.parameters ?? [];
  const query = parameters.filter((each) => each.in === 'query');
  const content = operation.requestBody?.content?.['application/json'];
  const [status, answer] = Object.entries(operation.responses)[0];
  const shown = answer.content?.['application/json']?.schema;
  const card = make(
    'details',
    {
      className: 'route',
      id,
      dataset: { words: `${method} ${path} ${operation.summary} ${operation.description ?? ''}`.toLowerCase() },
    },
    make(
      'summary',
      {},
      make('span', { className: `method ${method}`, textContent: method.toUpperCase() }),
      make(
        'span',
        { className: 'path' },
        path.split(/(\{\w+\})/).map((part) => (part.startsWith('{') ? make('i', { textContent: part }) : part)),
      ),
      make('span', { className: 'title', textContent: operation.summary }),
    ),
  );
  // Filled when it is first opened: the page stays quick with a hundred routes.
  card.addEventListener(
    'toggle',
    () =>
      card.append(
        make(
          'div',
          { className: 'inside' },
          operation.description && make('p', {}, words(operation.description)),
          query.length
            ? [
                make('h3', { textContent: 'Query' }),
                fields({
                  properties: Object.fromEntries(
                    query.map((each) => [
                      each.name,
                      { ...each.schema, description: each.description ?? each.schema.description },
                    ]),
                  ),
                  required: query.filter((each) => each.required).map((each) => each.name),
                }),
              ]
            : [],
          content ? [make('h3', { textContent: 'Body' }), fields(content.schema)] : [],
          make('h3', { textContent: 'Try it' }),
          codeBlock(curlOf(method, path, operation)),
          make('h3', { textContent: 'Answers' }),
          make(
            'div',
            { className: 'answers' },
            Object.entries(operation.responses).map(([code, each]) =>
              make(
                'span',
                { className: code < '400' ? 'yes' : 'no' },
                make('b', { textContent: `${code} ` }),
                each.description,
              ),
            ),
          ),
          shown
            ? [
                make('h3', { textContent: `${status} looks like` }),
                codeBlock(JSON.stringify(exampleOf(shown), null, 2)),
              ]
            : [],
        ),
      ),
    { once: true },
  );
  return card;
};

const groups = new Map();
for (const [path, methods] of Object.entries(document_.paths))
  for (const [method, operation] of Object.entries(methods)) {
    const [group] = operation.tags;
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push({ method, path, operation });
  }
const place = (name) => GROUP_LAST.indexOf(name) + 1;
// What people do most has the most verbs.
const ordered = [...groups].sort(([a, ofA], [b, ofB]) => place(a) - place(b) || ofB.length - ofA.length);

const nav = document.querySelector('nav');
const main = document.querySelector('main');
document.querySelector('#loading').remove();
for (const [name, routes] of ordered) {
  nav.append(make('a', { href: `#${name}` }, name, make('span', { textContent: routes.length })));
  const cards = routes.map(({ method, path, operation }) => routeCard(method, path, operation));
  const list = routes.find(({ method, path }) => method === 'get' && path === `/v1/${name}`);
  main.append(
    make(
      'section',
      { id: name },
      make('h2', { textContent: name }),
      list?.operation.description ? make('p', { textContent: `${list.operation.description}.` }) : null,
      cards,
    ),
  );
}
const none = make('p', { className: 'none', textContent: 'No route has these words.', hidden: true });
main.append(none);

const search = document.querySelector('#search');
search.addEventListener('input', () => {
  const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let hits = 0;
  for (const section of main.querySelectorAll('section')) {
    let found = section.id === 'start' && !wanted.length;
    for (const card of section.querySelectorAll('.route')) {
      card.hidden = !wanted.every((word) => card.dataset.words.includes(word));
      if (!card.hidden) found = true;
      hits += card.hidden ? 0 : 1;
    }
    section.hidden = !found;
  }
  none.hidden = hits > 0;
});
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target === search) return;
  event.preventDefault();
  search.focus();
});
if (location.hash) {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.matches('details')) target.open = true;
  target?.scrollIntoView();
}
