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

/** A family's name with a swatch of its colour. */
export function familyName(family: { readonly index: number; readonly title: string }): Markup {
  return html`<span class="swatch ${familyColour(family.index)}" aria-hidden="true"></span>${family.title}`;
}
