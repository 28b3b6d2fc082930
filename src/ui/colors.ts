import { markupText } from '../report/html.ts';
import { style } from '../report/style.ts';

/**
 * The report's colours as CSS custom properties, light and dark, and its classes of model families: the page and the report show
 * the same model in the same colour. Taken from the report's own style sheet, so that there is one list.
 */
export function reportColors(): string {
  const text = markupText(style);
  const light = /:root \{[^}]*\}/.exec(text)?.[0];
  const dark = /@media \(prefers-color-scheme: dark\) \{\s*:root \{[^}]*\}\s*\}/.exec(text)?.[0];
  const families = text.match(/\.family-\d \{[^}]*\}/g);
  if (light === undefined || dark === undefined || families === null) throw new Error('the report has no colours');
  return [light, dark, ...families].join('\n');
}
