import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Binding, type DataType, dataTypes } from './binding.ts';
import type { GraphNode } from './graph-definition.ts';
import { encodeSavedModel, type ProtobufClasses, savedModelTag } from './saved-model.ts';

/** Values for a placeholder. */
export interface Feed {
  readonly type: DataType;
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** A graph that TensorFlow has loaded. It keeps its variables from run to run. */
export interface GraphSession {
  /** Feeds placeholders and gives the values of outputs. */
  run(feeds: Readonly<Record<string, Feed>>, outputs: readonly string[]): (Float32Array | Int32Array)[];
  close(): void;
}

/** Loads a graph into TensorFlow, by way of a file that is gone when this returns. */
export function openSession(binding: Binding, classes: ProtobufClasses, nodes: readonly GraphNode[]): GraphSession {
  const folder = mkdtempSync(path.join(tmpdir(), 'pipe-graph-'));
  let session: number;
  try {
    writeFileSync(path.join(folder, 'saved_model.pb'), encodeSavedModel(classes, nodes));
    session = binding.loadSavedModel(folder, savedModelTag);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    run: (feeds, outputs) => {
      const names = Object.keys(feeds);
      const inputs = Object.values(feeds).map(({ type, shape, values }) =>
        binding.createTensor(shape, dataTypes[type], values),
      );
      try {
        const made = binding.runSavedModel(
          session,
          inputs,
          names.map((name) => `${name}:0`).join(','),
          outputs.map((name) => `${name}:0`).join(','),
        );
        const values = made.map(({ id }) => binding.tensorDataSync(id));
        for (const { id } of made) binding.deleteTensor(id);
        return values;
      } finally {
        for (const id of inputs) binding.deleteTensor(id);
      }
    },
    close: () => binding.deleteSavedModel(session),
  };
}
