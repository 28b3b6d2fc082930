import { type Failure, failure } from '../errors/failure.ts';
import type { StageSource } from './connect.ts';
import type { InputReference, StageInstance } from './pipeline.ts';

/**
 * Mistakes of stages that score, or choose by, what was fitted under another split of the same samples: rows that they take for
 * unseen may have been trained on. A kind marks such inputs as `fitted`; two splits of unrelated samples do not meet.
 */
export function leakProblems(source: StageSource, instances: readonly StageInstance[]): Failure[] {
  const byId = new Map(instances.map((instance) => [instance.id, instance]));
  const problems: Failure[] = [];
  for (const instance of instances) {
    const [own] = instance.inputs['split'] ?? [];
    if (own === undefined) continue;
    for (const [slot, { fitted }] of Object.entries(instance.loaded.kind.inputs)) {
      if (fitted !== true) continue;
      for (const reference of instance.inputs[slot] ?? []) {
        const [theirs] = byId.get(reference.instance)?.inputs['split'] ?? [];
        if (theirs === undefined || isSame(own, theirs) || !haveCommonSource(own, theirs, byId)) continue;
        problems.push(
          failure(
            'leak',
            `${instance.id} takes its rows from ${own.instance}, but ${reference.instance} was fitted by ${theirs.instance}: it may have been trained on the rows that are scored here`,
            {
              hint: `give both the same split, for example from: {split: ${theirs.instance}}`,
              location: source.yaml.locate(['stages', instance.stage, 'from', 'split']),
            },
          ),
        );
      }
    }
  }
  return problems;
}

function isSame(one: InputReference, other: InputReference): boolean {
  return one.instance === other.instance && one.output === other.output;
}

/** Whether two artifacts come, by any way, from one stage that reads nothing itself. */
function haveCommonSource(
  one: InputReference,
  other: InputReference,
  instances: ReadonlyMap<string, StageInstance>,
): boolean {
  const sources = sourcesOf(one, instances);
  return [...sourcesOf(other, instances)].some((id) => sources.has(id));
}

function sourcesOf(reference: InputReference, instances: ReadonlyMap<string, StageInstance>): Set<string> {
  const seen = new Set<string>();
  const sources = new Set<string>();
  const left = [reference.instance];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const before = Object.values(instances.get(id)?.inputs ?? {}).flat();
    if (before.length === 0) sources.add(id);
    left.push(...before.map(({ instance }) => instance));
  }
  return sources;
}
