import { type Failure, failure } from '../errors/failure.ts';
import type { SchemaMistake } from './validate.ts';
import type { Path, YamlFile } from './yaml-file.ts';

/** Turns schema mistakes below a path of the file into failures with line and column. */
export function locateMistakes(yaml: YamlFile, below: Path, mistakes: readonly SchemaMistake[]): Failure[] {
  return mistakes.map((mistake) =>
    failure('pipeline-schema', mistake.message, {
      hint: mistake.hint,
      location: yaml.locate([...below, ...mistake.path], mistake.at),
    }),
  );
}
