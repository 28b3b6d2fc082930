import { expect, it } from 'vitest';
import { html, markupText } from '../../src/report/html.ts';

it('escapes every text, in content and in attributes', () => {
  const name = `"><img src=x onerror='alert(1)'> & more`;
  expect(markupText(html`<b title="${name}">${name}</b>`)).toBe(
    '<b title="&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt; &amp; more">&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt; &amp; more</b>',
  );
});

it('keeps markup, joins lists and leaves out what is undefined', () => {
  expect(markupText(html`<ul>${[1, 'a&b'].map((item) => html`<li>${item}</li>`)}${undefined}</ul>`)).toBe(
    '<ul><li>1</li><li>a&amp;b</li></ul>',
  );
});

it('takes no object for markup that only looks like it', () => {
  const forged = JSON.parse('{"safeText":"<script>"}') as never;
  expect(() => markupText(html`${forged}`)).not.toThrow();
  expect(markupText(html`${forged}`)).not.toContain('<script>');
});

it('replaces control characters and lone surrogates, which HTML forbids', () => {
  expect(markupText(html`${'a\u0000b\ud800c\td'}`)).toBe('a\ufffdb\ufffdc\td');
});
