/** What the page shows; it stands behind the # of the address, so that it can be linked, and gone back to. */
export type Route =
  | { readonly view: 'runs' }
  | { readonly view: 'run'; readonly run: string; readonly stage?: string; readonly job?: string }
  | { readonly view: 'compare'; readonly before: string; readonly after: string }
  | { readonly view: 'artifacts'; readonly run: string }
  | { readonly view: 'artifact'; readonly digest: string; readonly run?: string; readonly name?: string };

/** Reads what stands behind the #; what it does not know is the list of runs. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const values = new URLSearchParams(query);
  const [, view, name, more] = path.split('/');
  const optional = <Name extends string>(key: Name): { readonly [Key in Name]?: string } => {
    const value = values.get(key);
    return (value === null ? {} : { [key]: value }) as { readonly [Key in Name]?: string };
  };
  if (view === 'compare' && name !== undefined && more !== undefined) return { view, before: name, after: more };
  if (view === 'runs' && name !== undefined && more === 'artifacts') return { view: 'artifacts', run: name };
  if (view === 'runs' && name !== undefined && name !== '')
    return { view: 'run', run: name, ...optional('stage'), ...optional('job') };
  if (view === 'artifacts' && name !== undefined && name !== '')
    return { view: 'artifact', digest: name, ...optional('run'), ...optional('name') };
  return { view: 'runs' };
}

/** The address of something that the page shows. */
export function addressOf(route: Route): string {
  const withValues = (path: string, values: Readonly<Record<string, string | undefined>>): string => {
    const known = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return known.length === 0 ? path : `${path}?${new URLSearchParams(known)}`;
  };
  switch (route.view) {
    case 'runs':
      return '#/';
    case 'run':
      return withValues(`#/runs/${route.run}`, { stage: route.stage, job: route.job });
    case 'compare':
      return `#/compare/${route.before}/${route.after}`;
    case 'artifacts':
      return `#/runs/${route.run}/artifacts`;
    case 'artifact':
      return withValues(`#/artifacts/${route.digest}`, { run: route.run, name: route.name });
  }
}
