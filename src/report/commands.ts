import type { Study } from './study.ts';

/** A word of a shell's line: what is not plain stands in single quotes, in which nothing means anything. */
export function shellWord(text: string): string {
  return /^[\w./@:+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The lines that make a study again, from the code that it was made with where that is known. */
export function commandsToRepeat({ pipeline, run }: Study): string[] {
  const file = pipeline === undefined ? '<pipeline>' : shellWord(pipeline);
  const profile = run === undefined || run.profile === 'default' ? '' : ` --profile ${shellWord(run.profile)}`;
  return [
    ...(run?.commit === undefined ? [] : [`git checkout ${shellWord(run.commit)}`]),
    `pipe run ${file}${profile}`,
    ...(run === undefined ? [] : ['pipe report @1']),
  ];
}
