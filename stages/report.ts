import type { StageFacts } from '../src/report/study.ts';
import { defineStage, type OutputSlots, paramsOf } from '../src/stage/stage-kind.ts';
import { ok } from '../src/util/result.ts';

interface ReportParams {
  readonly title: string;
  readonly pipeline?: string;
  readonly stages?: readonly StageFacts[];
}

const inputs = {
  metrics: { type: 'metrics', many: true, description: 'the scores of each model; one family an artifact' },
  predictions: { type: 'predictions', many: true, optional: true, description: 'for paired tests and example images' },
  confusion: {
    type: 'confusion',
    many: true,
    optional: true,
    description: 'for matrices and the scores of each class',
  },
  calibration: { type: 'calibration', many: true, optional: true, description: 'whether confidence can be trusted' },
  writers: { type: 'table', many: true, optional: true, description: 'accuracy of each writer' },
  search: { type: 'selection', many: true, optional: true, description: 'which hyperparameters each search chose' },
  cv: { type: 'cv-results', many: true, optional: true, description: 'every combination of each search, with times' },
  curves: { type: 'curves', many: true, optional: true, description: 'learning curves of the folds of each search' },
  fit: { type: 'weights', many: true, optional: true, description: 'for titles, layers and parameters' },
  history: { type: 'history', many: true, optional: true, description: 'for learning curves' },
  refits: { type: 'refits', many: true, optional: true, description: 'how much one training differs from the next' },
  timings: { type: 'timings', many: true, optional: true, description: 'phases training and inference' },
  samples: { type: 'samples', many: true, optional: true, description: 'for the source of the data and its images' },
  split: { type: 'split', many: true, optional: true, description: 'for the sizes of the parts' },
} as const;

const outputs = {
  report: { type: 'blob', measured: true, document: true, description: 'report.html: one page that needs no network' },
} as const satisfies OutputSlots;

/** Writes a comparison of model families as one HTML page. Artifacts belong together by their first matrix value. */
export const report = defineStage({
  kind: 'report',
  version: 1,
  description: 'Compares models in one self-contained HTML page: scores, costs, searches, curves, mistakes.',
  params: paramsOf<ReportParams>({
    type: 'object',
    additionalProperties: false,
    properties: {
      title: { type: 'string', minLength: 1, default: 'Model comparison', description: 'Heading of the page.' },
      pipeline: {
        type: 'string',
        minLength: 1,
        description: 'The pipeline as it is named on the command line, for the line that says how to reproduce.',
      },
      stages: { type: 'array', filledWith: 'stages', description: 'The stages that lead to the report, to be drawn.' },
    },
  }),
  inputs,
  outputs,
  run: async ({ params, inputs: given, outputs: written, log }) => {
    const [{ collectStudy }, { reportPage }] = await Promise.all([
      import('../src/report/collect.ts'),
      import('../src/report/page.ts'),
    ]);
    const study = collectStudy(given, params);
    if (!study.ok) return study;
    const page = Buffer.from(reportPage(study.value));
    log(`${study.value.families.length} families, ${page.length} bytes of HTML`);
    written.report.write({
      columns: [
        { name: 'name', kind: 'text', values: ['report.html'] },
        { name: 'media_type', kind: 'text', values: ['text/html'] },
        { name: 'content', kind: 'binary', values: [page] },
      ],
    });
    return ok();
  },
});
