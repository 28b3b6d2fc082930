import { CodeFiles, type SummaryMemo } from './code-files.ts';
import { Locator } from './locate.ts';
import { ModuleGraph } from './module-graph.ts';
import { PackageFolders } from './packages.ts';

/** What the closures of several modules share: files that were read, and where names lead. */
export class CodeReading {
  readonly files: CodeFiles;
  readonly folders: PackageFolders;
  readonly locator: Locator;
  readonly #graphs = new Map<string, ModuleGraph>();

  constructor(memo: SummaryMemo) {
    this.files = new CodeFiles(memo);
    this.folders = new PackageFolders(this.files);
    this.locator = new Locator(this.files, this.folders);
  }

  graph(root: string): ModuleGraph {
    const graph = this.#graphs.get(root) ?? new ModuleGraph(root, this.files, this.locator);
    this.#graphs.set(root, graph);
    return graph;
  }
}
