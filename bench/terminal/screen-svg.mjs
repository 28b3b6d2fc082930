// Screens of a terminal, as `tmux capture-pane -ep` gives them, as one animated SVG: a film strip that is moved by CSS.

const cell = { width: 8.4, height: 18 };
const padding = 14;

/** The 16 colours by their SGR number, for a light and for a dark page. */
const palette = {
  31: ['#b3261e', '#ff7b72'],
  32: ['#1a7f37', '#56d364'],
  33: ['#8a6100', '#e3b341'],
  34: ['#0550ae', '#79c0ff'],
  36: ['#0b6e7a', '#39c5cf'],
};

/** The styles after an SGR sequence: "b" bold, "d" dim, "c" and a number a colour. */
function changed(before, codes) {
  let styles = before;
  for (const number of (codes || '0').split(';').map(Number)) {
    if (number === 0) styles = [];
    else if (number === 22) styles = styles.filter((name) => name !== 'b' && name !== 'd');
    else if (number === 39) styles = styles.filter((name) => !name.startsWith('c'));
    else if (number === 1) styles = [...styles, 'b'];
    else if (number === 2) styles = [...styles, 'd'];
    else if (number in palette) styles = [...styles.filter((name) => !name.startsWith('c')), `c${number}`];
  }
  return styles;
}

/** Pieces of a line with the column at which they start; pieces end at a change of style and at a wide gap. */
function piecesOf(line) {
  const pieces = [];
  let column = 0;
  let style = '';
  let styles = [];
  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    const code = /^\u001b\[([0-9;]*)m$/.exec(part);
    if (code === null) {
      for (const [piece] of part.matchAll(/█+|░+|[^█░ ]+(?: [^█░ ]+)*| +/g)) {
        if (piece.trim() !== '') pieces.push({ column, text: piece, style });
        column += [...piece].length;
      }
      continue;
    }
    styles = changed(styles, code[1]);
    style = [...new Set(styles)].sort().join(' ');
  }
  return pieces;
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function pieceSvg({ column, text, style }) {
  const x = (column * cell.width).toFixed(1);
  const width = ([...text].length * cell.width).toFixed(1);
  const names = style === '' ? '' : ` class="${style}"`;
  // Blocks as boxes: fonts draw them with gaps.
  if (/^[█░]/.test(text)) {
    return `<rect x="${x}" y="-10" width="${width}" height="10"${names}${text.startsWith('░') ? ' opacity=".2"' : ''}/>`;
  }
  return `<text x="${x}" textLength="${width}" lengthAdjust="spacingAndGlyphs"${names}>${escaped(text)}</text>`;
}

/**
 * An animated SVG of screens: `screens` is a list of { at, lines } with seconds since the first; each is shown until the next,
 * the last for `hold` seconds. Who wants no motion sees the screen `still`.
 */
export function animatedSvg({ screens, columns, rows, hold, still, title }) {
  const ids = new Map();
  const definitions = [];
  const idOf = (line) => {
    const known = ids.get(line);
    if (known !== undefined) return known;
    const id = ids.size.toString(36);
    ids.set(line, id);
    definitions.push(`<g id="l${id}">${piecesOf(line).map(pieceSvg).join('')}</g>`);
    return id;
  };
  const width = Math.ceil(columns * cell.width + 2 * padding);
  const height = rows * cell.height + 2 * padding;
  const total = screens.at(-1).at + hold;
  const strip = screens.flatMap(({ lines }, index) =>
    lines.flatMap((line, row) =>
      line.trim() === '' ? [] : [`<use href="#l${idOf(line)}" y="${index * height + (row + 1) * cell.height - 5}"/>`],
    ),
  );
  const stops = screens.map(
    ({ at }, index) => `${((100 * at) / total).toFixed(2)}%{transform:translateY(${-index * height}px)}`,
  );
  const colors = (which) =>
    Object.entries(palette)
      .map(([number, pair]) => `.c${number}{fill:${pair[which]}}`)
      .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<style>
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.s{fill:#1f2328}.w{fill:#fff;stroke:#d0d7de}${colors(0)}
.b{font-weight:bold}.d{opacity:.65}
@media(prefers-color-scheme:dark){.s{fill:#e6edf3}.w{fill:#0d1117;stroke:#30363d}${colors(1)}}
.f{transform:translateY(${-still * height}px)}
@media(prefers-reduced-motion:no-preference){.f{animation:f ${total.toFixed(1)}s step-end infinite}}
@keyframes f{${stops.join('')}}
</style>
<defs>${definitions.join('\n')}</defs>
<rect class="w" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>
<svg x="${padding}" y="${padding}" width="${width - 2 * padding}" height="${rows * cell.height}" overflow="hidden"><g class="s"><g class="f">
${strip.join('\n')}
</g></g></svg>
</svg>
`;
}
