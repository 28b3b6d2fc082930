import { writeFileSync } from 'node:fs';
import { systemFailure } from '../errors/system.ts';
import { laneLines } from '../graph/lanes.ts';
import { stageGraph } from '../graph/stage-graph.ts';
import { dotText, mermaidText } from '../graph/texts.ts';
import { reduced } from '../report/graph.ts';
import { harmless } from '../terminal/format.ts';
import { outputColors } from './colors.ts';
import { exitCodes } from './command-line.ts';
import { loadSelected, type PipelineOptions } from './load-selected.ts';
import { printFailures } from './print-failure.ts';

interface GraphOptions extends Pick<PipelineOptions, 'profile' | 'set' | 'params' | 'store'> {
  readonly format: 'text' | 'mermaid' | 'dot' | 'svg';
  readonly each: boolean;
  readonly allEdges: boolean;
  readonly output?: string;
}

/** `pipe graph`. */
export async function graphCommand(file: string, targets: readonly string[], options: GraphOptions): Promise<number> {
  const loaded = await loadSelected(file, targets, { ...options, force: false, from: [], until: [] });
  if (!loaded.ok) {
    printFailures(loaded.error);
    return exitCodes.usage;
  }
  const { pipeline, selected } = loaded.value;
  const whole = stageGraph(selected.instances, options);
  const graph = options.allEdges ? whole : reduced(whole);
  const text = await (async () => {
    switch (options.format) {
      case 'mermaid':
        return mermaidText(graph);
      case 'dot':
        return dotText(graph);
      case 'svg': {
        const { graphSvg } = await import('../graph/drawing.ts');
        return graphSvg(graph, `Stages of ${pipeline.name}`);
      }
      case 'text': {
        const colors = options.output === undefined ? outputColors() : undefined;
        const lines = laneLines(graph).map(({ lanes, node }) => {
          if (node === undefined) return lanes;
          const detail = harmless(node.detail);
          return `${lanes}  ${harmless(node.title)}  ${colors === undefined ? detail : colors.dim(detail)}`.trimEnd();
        });
        return `${lines.join('\n')}\n`;
      }
    }
  })();
  if (options.output === undefined) {
    process.stdout.write(text);
    return exitCodes.done;
  }
  try {
    writeFileSync(options.output, text);
  } catch (problem) {
    printFailures([systemFailure(`cannot write ${options.output}`, problem)]);
    return exitCodes.usage;
  }
  return exitCodes.done;
}
