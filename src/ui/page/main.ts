import { type ComponentChild, h, render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ArtifactView } from './artifact-view.ts';
import { ArtifactsView } from './artifacts-view.ts';
import { CompareView } from './compare-view.ts';
import { useKey } from './hooks.ts';
import { KeysDialog } from './keys-dialog.ts';
import { addressOf, parseRoute, type Route } from './route.ts';
import { RunView } from './run-view.ts';
import { RunsView } from './runs-view.ts';

function App(): ComponentChild {
  const [route, setRoute] = useState<Route>(() => parseRoute(location.hash));
  const [showsKeys, setShowsKeys] = useState(false);
  useEffect(() => {
    const change = (): void => setRoute(parseRoute(location.hash));
    window.addEventListener('hashchange', change);
    return () => window.removeEventListener('hashchange', change);
  }, []);
  useKey('?', () => setShowsKeys(true));
  useKey('h', () => location.assign(addressOf({ view: 'runs' })));
  return h(
    'div',
    { class: 'app' },
    h('a', { class: 'skip', href: '#content', onClick: skip }, 'Skip to the content'),
    h(
      'header',
      { class: 'bar' },
      h('a', { class: 'mark', href: addressOf({ view: 'runs' }) }, 'pipe'),
      h('nav', { 'aria-label': 'Where you are' }, h(Trail, { route })),
      h('button', { type: 'button', class: 'plain', onClick: () => setShowsKeys(true) }, 'Keys ', h('kbd', {}, '?')),
    ),
    h(View, { route }),
    showsKeys ? h(KeysDialog, { onClose: () => setShowsKeys(false) }) : undefined,
  );
}

function View({ route }: { readonly route: Route }): ComponentChild {
  switch (route.view) {
    case 'runs':
      return h(RunsView, {});
    case 'run':
      return h(RunView, { key: route.run, route });
    case 'compare':
      return h(CompareView, { key: addressOf(route), route });
    case 'artifacts':
      return h(ArtifactsView, { key: route.run, route });
    case 'artifact':
      return h(ArtifactView, { key: route.digest, route });
  }
}

/** From the list of runs to what is shown. */
function Trail({ route }: { readonly route: Route }): ComponentChild {
  const run = route.view === 'runs' || route.view === 'compare' ? undefined : route.run;
  const [parts, own] = [trailOf(route, run), addressOf(route)];
  return h(
    'ol',
    { class: 'trail' },
    [{ text: 'Runs', address: addressOf({ view: 'runs' }) }, ...parts].map(({ text, address }) =>
      h(
        'li',
        { key: address },
        address === undefined
          ? text
          : h('a', { href: address, ...(address === own ? { 'aria-current': 'page' } : {}) }, text),
      ),
    ),
  );
}

function trailOf(route: Route, run: string | undefined): { readonly text: string; readonly address?: string }[] {
  const ofRun = run === undefined ? [] : [{ text: run.slice(-8), address: addressOf({ view: 'run', run }) }];
  const ofArtifacts = run === undefined ? [] : [{ text: 'Artifacts', address: addressOf({ view: 'artifacts', run }) }];
  switch (route.view) {
    case 'runs':
      return [];
    case 'run':
      return ofRun;
    case 'compare':
      return [{ text: 'Compare' }];
    case 'artifacts':
      return [...ofRun, ...ofArtifacts];
    case 'artifact':
      return [...ofRun, ...ofArtifacts, { text: route.name ?? route.digest.slice(0, 12) }];
  }
}

/** The place behind the # is taken by the route, so the link must not change it. */
function skip(event: Event): void {
  event.preventDefault();
  const content = document.getElementById('content');
  content?.setAttribute('tabindex', '-1');
  content?.focus();
}

// The token has done its work: it must not stay in the address bar, where it would be copied or kept in the history.
if (location.search !== '') history.replaceState(null, '', `${location.pathname}${location.hash}`);
const page = document.getElementById('page');
if (page === null) throw new Error('the document has no place for the page');
page.replaceChildren();
render(h(App, {}), page);
