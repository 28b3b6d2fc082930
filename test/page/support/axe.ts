import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe-core finds wrong and calls serious or critical, each with the places: "color-contrast: .box > .detail". */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // The policy of the page lets no script in; the browser's own tools may all the same.
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as {
        axe: {
          run(
            root: Document,
            options: object,
          ): Promise<{ violations: { id: string; impact: string; nodes: { target: string[] }[] }[] }>;
        };
      }
    ).axe.run(document, { iframes: false });
    return violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      targets: nodes.map(({ target }) => target.join(' ')),
    }));
  });
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, targets }) => `${id}: ${targets.slice(0, 5).join(', ')}`);
}
