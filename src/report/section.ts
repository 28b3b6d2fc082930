import { type Content, html, type Markup } from './html.ts';
import { familyColour } from './svg.ts';

/** A part of the page with its entry in the table of contents. */
export interface Section {
  /** The anchor; fixed words only. */
  readonly id: string;
  readonly heading: string;
  readonly body: Content;
}

/** Something wide in a box of its own that scrolls sideways, by keyboard too. */
export function scrollable(label: string, body: Content): Markup {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${body}</div>`;
}

/** A chart or picture with its caption. */
export function figure(caption: Content, body: Content): Markup {
  return html`<figure><figcaption>${caption}</figcaption>${body}</figure>`;
}

/** The numbers behind a drawing as a table that opens; `heads` and the first cell of each row name what stands there. */
export function numbersTable(summary: string, heads: readonly string[], rows: readonly (readonly Content[])[]): Markup {
  const lines = rows.map(
    ([first, ...cells]) =>
      html`<tr><th scope="row" class="plain">${first}</th>${cells.map((cell) => html`<td class="number">${cell}</td>`)}</tr>`,
  );
  const columns = heads.map((head, index) =>
    index === 0 ? html`<th scope="col">${head}</th>` : html`<th scope="col" class="number">${head}</th>`,
  );
  const table = html`<table><caption class="hidden">${summary}</caption><thead><tr>${columns}</tr></thead><tbody>${lines}</tbody></table>`;
  return html`<details class="numbers"><summary>${summary}</summary>${scrollable(summary, table)}</details>`;
}

/** A family's name with a swatch of its colour. */
export function familyName(family: { readonly index: number; readonly title: string }): Markup {
  return html`<span class="swatch ${familyColour(family.index)}" aria-hidden="true"></span>${family.title}`;
}
