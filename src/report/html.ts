/** Markup that `html` made: everything in it is either written in our source or escaped. */
export interface Markup {
  readonly [safeText]: string;
}

/** What can stand in a template: texts and numbers are escaped, markup is kept, lists are joined, nothing is left out. */
export type Content = Markup | string | number | undefined | readonly Content[];

const safeText: unique symbol = Symbol('safe text');

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Control characters are not allowed in HTML, not even escaped; they become the replacement character. So do those that turn the
 * direction of a text: a name that holds one would turn around what stands behind it.
 */
function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

function contentText(content: Content): string {
  if (content === undefined) return '';
  if (typeof content === 'string') return escapeText(content);
  if (typeof content === 'number') return String(content);
  if (Array.isArray(content)) return content.map(contentText).join('');
  return (content as Markup)[safeText];
}

/**
 * Tagged template for markup: html`<td title="${name}">${name}</td>`. Values are escaped for element content and for
 * quoted attributes, which are the only places where a value may stand: class names, titles and stage names are hostile.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  const text = strings.reduce((whole, part, index) => `${whole}${contentText(values[index - 1])}${part}`);
  return { [safeText]: text };
}

/** The text of finished markup, to be written to a file. */
export function markupText(markup: Markup): string {
  return markup[safeText];
}
