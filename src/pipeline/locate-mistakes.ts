import { type Failure, failure } from '../errors/failure.ts';
import type { SchemaMistake } from './validate.ts';
import type { Path, YamlFile } from './yaml-file.ts';

/** Placeholders of models are their own matter: they are not values that came from elsewhere in the file. */
const placeholder = /^\$\{\s*(hyper|data)\./;

/** The text that stands in the file at a path, when it is one with `${…}`: the value came from elsewhere. */
function referenceAt(yaml: YamlFile, path: Path): string | undefined {
  let value: unknown = yaml.value;
  for (const step of path) value = (value as Record<string | number, unknown> | undefined)?.[step];
  return typeof value === 'string' && value.includes('${') && !placeholder.test(value) ? value : undefined;
}

/** Turns schema mistakes below a path of the file into failures with line and column. */
export function locateMistakes(yaml: YamlFile, below: Path, mistakes: readonly SchemaMistake[]): Failure[] {
  return mistakes.map((mistake) => {
    const path = [...below, ...mistake.path];
    const reference = mistake.at === 'value' ? referenceAt(yaml, path) : undefined;
    const origin = reference === undefined ? undefined : `the value is that of ${reference}`;
    const hint = [mistake.hint, origin].filter((part) => part !== undefined).join('; ');
    const location = yaml.locate(path, mistake.at);
    return failure('pipeline-schema', mistake.message, { location, ...(hint === '' ? {} : { hint }) });
  });
}
