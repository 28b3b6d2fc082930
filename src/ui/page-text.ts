import { html, markupText } from '../report/html.ts';

/** The document that all views are drawn into. */
export function pageText(): string {
  return `<!doctype html>${markupText(html`
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>pipe</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
<script type="module" src="/page.js"></script>
</head>
<body><div id="page"><noscript><p>This page needs JavaScript. <code>pipe watch</code> shows the same in a terminal.</p></noscript></div></body>
</html>`)}`;
}
