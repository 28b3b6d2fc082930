import type { StageGraph } from '../report/graph.ts';

/** The graph in Mermaid's language, for Markdown that draws it (https://mermaid.js.org/syntax/flowchart.html). */
export function mermaidText({ nodes, edges }: StageGraph): string {
  const name = names(nodes.map(({ id }) => id));
  // Mermaid reads #…; as a character by its number, inside quotes too: nothing else of a name can mean anything then.
  const quoted = (text: string): string =>
    text.replaceAll(/[^\p{L}\p{N} _.:,[\]()*-]/gu, (one) => `#${one.codePointAt(0)};`);
  const lines = [
    'flowchart TD',
    ...nodes.map(({ id, title, detail }) => {
      const below = detail === '' ? '' : `<br/><small>${quoted(detail)}</small>`;
      return `  ${name(id)}["${quoted(title)}${below}"]`;
    }),
    ...edges.map(({ from, to, isOrder }) => `  ${name(from)} ${isOrder ? '-.->' : '-->'} ${name(to)}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** The graph in Graphviz's language (https://graphviz.org/doc/info/lang.html). */
export function dotText({ nodes, edges }: StageGraph): string {
  const name = names(nodes.map(({ id }) => id));
  const quoted = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll(/\s+/g, ' ');
  const lines = [
    'digraph pipeline {',
    '  node [shape=box, style=rounded, fontname="sans-serif"];',
    ...nodes.map(
      ({ id, title, detail }) =>
        `  ${name(id)} [label="${quoted(title)}${detail === '' ? '' : `\\n${quoted(detail)}`}"];`,
    ),
    ...edges.map(({ from, to, isOrder }) => `  ${name(from)} -> ${name(to)}${isOrder ? ' [style=dashed]' : ''};`),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function names(ids: readonly string[]): (id: string) => string {
  const places = new Map(ids.map((id, index) => [id, index]));
  return (id) => `stage${places.get(id)}`;
}
