/** What people read stands in `plugin/words/`: text elsewhere in the plugin is accused, unless it is of a kind that nobody reads. */
import ts from 'typescript';
import { visit, type Source } from './sources.ts';

/** Not for the reader of a screen: a report for whoever helps, in one language; and the code of diagrams. */
const UNREAD = ['plugin/diagnostics.ts', 'plugin/pictures/mermaid.ts'];

/** A value stands for a word where it is beside one. */
const VALUE = '\0';
const SENTENCE = /\p{L} \p{L}|\p{L}{2} \0|\0 \p{L}{2}/u;
const WORD = /\p{Ll}{2}/u;

const SHOWN = /^(?:text|name|desc|heading|title|label|button|placeholder|aria-label)$/;
const SHOWS = /^(?:set(?:Text|Name|Desc|ButtonText|Title|Placeholder|Tooltip)|appendText|Notice)$/;

/** Classes, marks for tests, headers of a request; then selectors, classes again, and what goes to a log. */
const UNREAD_KEY = /^(?:cls|class|className|(?:data-)?operary|authorization|accept)$/i;
const UNREAD_CALL = /^(?:querySelector(?:All)?|closest|matches|(?:add|remove|toggle)Class|debug|info|warn|error)$/;
/** Thrown where only a programmer could be at fault. */
const THROWN = /Error$/;
/** An example of an address; a name of a file that says what it is. */
const UNREAD_TEXT = /^https?:\S+$|\)\.md$/;

export const wordsElsewhere = (sources: readonly Source[]): readonly string[] =>
  sources
    .filter(({ path }) => path.startsWith('plugin/') && !path.startsWith('plugin/words/') && !UNREAD.includes(path))
    .flatMap(({ path, tree }) => {
      const found: string[] = [];
      visit(tree, (node) => {
        const text = textOf(node);
        if (text !== undefined && isRead(node, text)) found.push(`${path} says ${node.getText(tree).slice(0, 60)}`);
      });
      return found;
    });

function textOf(node: ts.Node): string | undefined {
  if (ts.isTemplateExpression(node))
    return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(VALUE);
  if (!ts.isStringLiteralLike(node)) return undefined;
  const { parent } = node;
  return ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isLiteralTypeNode(parent)
    ? undefined
    : node.text;
}

function isRead(node: ts.Node, text: string): boolean {
  const [kind, name] = placeOf(node);
  if (UNREAD_TEXT.test(text)) return false;
  if (kind === 'key' ? UNREAD_KEY.test(name) : kind === 'call' ? UNREAD_CALL.test(name) : THROWN.test(name))
    return false;
  return SENTENCE.test(text) || (WORD.test(text) && (kind === 'key' ? SHOWN : SHOWS).test(name));
}

/** What the text is given to: a property, a function, or a class that is made; through choices and lists. */
function placeOf(node: ts.Node): readonly [kind: 'key' | 'call' | 'new', name: string] {
  const { parent } = node;
  if (ts.isPropertyAssignment(parent) && parent.initializer === node) return ['key', nameOf(parent.name)];
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return ['key', nameOf(parent.left)];
  if (ts.isCallExpression(parent) && parent.expression !== node) return ['call', nameOf(parent.expression)];
  if (ts.isNewExpression(parent)) return ['new', nameOf(parent.expression)];
  const isChosen =
    (ts.isConditionalExpression(parent) && parent.condition !== node) ||
    ts.isParenthesizedExpression(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isSpreadElement(parent);
  return isChosen ? placeOf(parent) : ['key', ''];
}

function nameOf(node: ts.Node): string {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isElementAccessExpression(node)) return nameOf(node.argumentExpression);
  return ts.isStringLiteralLike(node) || ts.isIdentifier(node) ? node.text : '';
}
