import { createEagerScorer, createEagerTrainer } from './eager-trainer.ts';
import { createGraphScorer, createGraphTrainer } from './graph/graph-trainer.ts';
import type { TensorFlow } from './runtime.ts';
import type { Fit, ScoredModel, Scorer, Trainer } from './trainer.ts';

/** The trainer that a fit asks for. Pure JavaScript has no graphs: there, every trainer is eager. */
export function createTrainer(tensorflow: TensorFlow, fit: Fit): Trainer {
  const { native } = tensorflow;
  return native === undefined || fit.training.trainer === 'eager'
    ? createEagerTrainer(tensorflow, fit)
    : createGraphTrainer({ ...tensorflow, native }, fit);
}

/** Scores rows with stored weights. */
export function createScorer(tensorflow: TensorFlow, model: ScoredModel): Scorer {
  const { native } = tensorflow;
  return native === undefined
    ? createEagerScorer(tensorflow, model)
    : createGraphScorer({ ...tensorflow, native }, model);
}
