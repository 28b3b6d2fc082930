import { html, markupText } from './html.ts';
import type { Section } from './section.ts';
import { answerSection } from './section-answer.ts';
import { architectureSection } from './section-architecture.ts';
import { calibrationSection } from './section-calibration.ts';
import { comparisonSection } from './section-comparison.ts';
import { confusionSection } from './section-confusion.ts';
import { curvesSection } from './section-curves.ts';
import { dataLines } from './section-data.ts';
import { differencesSection } from './section-differences.ts';
import { guardsSection } from './section-guards.ts';
import { priceSection } from './section-price.ts';
import { provenanceSection, sourceLine } from './section-provenance.ts';
import { runSection } from './section-run.ts';
import { samplesSection } from './section-samples.ts';
import { searchSection } from './section-search.ts';
import { stagesSection } from './section-stages.ts';
import type { Study } from './study.ts';
import { style } from './style.ts';

/** Nothing may be loaded or run, whatever a name in the data tries. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

function isSection(section: Section | undefined): section is Section {
  return section !== undefined;
}

function sectionsOf(study: Study): Section[] {
  const others = [
    comparisonSection(study),
    priceSection(study),
    differencesSection(study),
    guardsSection(study),
    searchSection(study),
    curvesSection(study),
    confusionSection(study),
    calibrationSection(study),
    samplesSection(study),
    architectureSection(study),
    runSection(study),
    stagesSection(study),
    provenanceSection(study),
  ].filter(isSection);
  const answer = answerSection(study, new Set(others.map((section) => section.id)));
  return [answer, ...others].filter(isSection);
}

/**
 * The report as one HTML page that needs nothing else: no network, no script. Sections whose data is absent are left
 * out. The same study gives the same text.
 */
export function reportPage(study: Study): string {
  const sections = sectionsOf(study);
  const entries = sections.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`);
  const bodies = sections.map(
    ({ id, heading, body }) =>
      html`<section id="${id}" aria-labelledby="${id}-heading"><h2 id="${id}-heading">${heading}</h2>${body}${sourceLine(study, id)}</section>
`,
  );
  return markupText(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${study.title}</title>
${style}
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header><h1>${study.title}</h1>${dataLines(study)}</header>
<nav aria-label="Sections"><ul>${entries}</ul></nav>
<main id="main">
${bodies}</main>
</body>
</html>
`);
}
