import { markupText } from './html.ts';
import { style } from './style.ts';

/** A figure of a report as a file of its own. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  /** A whole SVG document. */
  readonly svg: string;
}

/** Families that have colours of their own. */
const families = 8;

/** The figures of a report's page, each with the page's style in plain values: other programs know neither the page nor CSS variables. */
export function figuresOf(page: string): Figure[] {
  const css = plainStyle();
  return [...page.matchAll(/<svg class="chart"[^>]*aria-labelledby="([\w-]+)-title[^>]*>[\s\S]*?<\/svg>/g)].map(
    ([svg, id = '']) => {
      const title = /<title[^>]*>([^<]*)<\/title>/.exec(svg)?.[1] ?? id;
      const [, width = '', height = ''] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
      const ground = `<rect width="${width}" height="${height}" fill="#fff"/>`;
      const opening = svg.indexOf('>') + 1;
      const head = svg
        .slice(0, opening)
        .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" ');
      return { id, title, svg: `${head}<style>${css}</style>${ground}${svg.slice(opening)}\n` };
    },
  );
}

interface Rule {
  readonly selectors: readonly string[];
  readonly body: string;
}

/** The style sheet's rules for drawings, with the values that its variables have on paper. */
export function plainStyle(): string {
  const text = markupText(style).replaceAll(/<\/?style>/g, '');
  const rules = topRules(text);
  const root = rules.find(({ selectors }) => selectors.includes(':root'))?.body ?? '';
  const variables = new Map(
    [...root.matchAll(/(--[\w-]+):\s*([^;]+)/g)].map(([, name = '', value = '']) => [name, value.trim()]),
  );
  const resolved = (body: string, colour: string | undefined): string =>
    body
      .replaceAll(
        /var\(--c(?:,\s*(var\(--[\w-]+\)))?\)/g,
        (_, fallback: string | undefined) => colour ?? fallback ?? 'none',
      )
      .replaceAll(/var\((--[\w-]+)\)/g, (_, name: string) => variables.get(name) ?? 'none');
  return rules
    .filter(({ selectors }) => selectors.some((one) => /^(?:svg |\.|\[class)/.test(one) && !one.startsWith('.family-')))
    .flatMap(({ selectors, body }) => {
      const plain = `${selectors.join(',')}{${resolved(body, undefined)}}`;
      if (!body.includes('var(--c)') && !body.includes('var(--c,')) return [plain];
      // The colour alone: these selectors are stronger, and a width among them would win over that of a later rule.
      const onlyColoured = `${body
        .split(';')
        .map((declaration) => declaration.trim())
        .filter((declaration) => /var\(--c[,)]/.test(declaration))
        .join('; ')};`;
      const coloured = Array.from({ length: families }, (_, family) => {
        const own = selectors.flatMap((one) => [
          `.family-${family} ${one}`,
          `.family-${family}${one.startsWith('.') || one.startsWith('[') ? one : ''}`,
        ]);
        return `${own.join(',')}{${resolved(onlyColoured, variables.get(`--c${family}`))}}`;
      });
      return [plain, ...coloured];
    })
    .join('');
}

/** The rules that stand outside of any condition. */
function topRules(text: string): Rule[] {
  const rules: Rule[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('{', at);
    if (open < 0) break;
    let [depth, end] = [1, open + 1];
    for (; depth > 0 && end < text.length; end++) {
      if (text[end] === '{') depth++;
      else if (text[end] === '}') depth--;
    }
    const selector = text.slice(at, open).trim();
    if (!selector.startsWith('@'))
      rules.push({
        selectors: selector.split(',').map((one) => one.trim()),
        body: text.slice(open + 1, end - 1).trim(),
      });
    at = end;
  }
  return rules;
}
