import { formatFailure } from '../errors/failure.ts';
import type { DoctorReport } from './doctor.ts';

type Mark = 'good' | 'bad' | 'note';

interface Line {
  readonly mark: Mark;
  readonly label: string;
  readonly text: string;
}

const signs: Readonly<Record<Mark, string>> = { good: '✔', bad: '✖', note: '·' };

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

function machineLines(report: DoctorReport): readonly Line[] {
  const { node, platform, processor, gpus } = report;
  const cores =
    processor.usable === processor.cores ? `${processor.cores}` : `${processor.usable} of ${processor.cores}`;
  return [
    {
      mark: node.supported ? 'good' : 'bad',
      label: 'Node',
      text: node.supported ? node.version : `${node.version} is too old, 20.19 or newer is needed`,
    },
    { mark: 'note', label: 'system', text: `${platform.system} ${platform.architecture}` },
    { mark: 'note', label: 'processor', text: `${processor.model}, ${cores} cores` },
    { mark: 'note', label: 'memory', text: gigabytes(report.memoryBytes) },
    ...(gpus.length === 0 ? [{ mark: 'note' as const, label: 'GPU', text: 'none that nvidia-smi knows' }] : []),
    ...gpus.map((gpu) => ({
      mark: 'good' as const,
      label: 'GPU',
      text: `${gpu.name}, ${gigabytes(gpu.memoryMegabytes * 1024 * 1024)}, driver ${gpu.driver}`,
    })),
  ];
}

function backendLines(report: DoctorReport): readonly Line[] {
  const { choice, backend } = report;
  if (choice.build === null) return [{ mark: 'bad', label: 'build', text: choice.reason }];
  const build: Line = { mark: 'note', label: 'build', text: `${choice.build} (${choice.reason})` };
  if (backend === null) {
    return [build, { mark: 'bad', label: 'TensorFlow', text: `${choice.version} is not installed` }];
  }
  if ('problem' in backend) {
    const text = formatFailure({ ...backend.problem, hint: '' }).trimEnd();
    return [build, { mark: 'bad', label: 'TensorFlow', text: text.replaceAll('\n', `\n${' '.repeat(15)}`) }];
  }
  const { probe } = backend;
  const lines: Line[] = [
    build,
    {
      mark: 'good',
      label: 'TensorFlow',
      text: `${probe.tensorflow}, loads in ${(probe.milliseconds / 1000).toFixed(1)} s`,
    },
    {
      mark: probe.gpu || choice.build === 'cpu' ? 'good' : 'bad',
      label: 'computes on',
      text: probe.gpu ? 'GPU' : 'CPU',
    },
    { mark: 'note', label: 'folder', text: choice.folder },
  ];
  return lines;
}

/** Bytes that the set-up would take; 0 when there is nothing to set up. */
function neededSpace({ backend, choice }: DoctorReport): number {
  return backend === null && choice.build !== null ? choice.neededBytes : 0;
}

function enoughSpace(report: DoctorReport): boolean {
  return report.cache.freeBytes === null || report.cache.freeBytes >= neededSpace(report);
}

/** Tools matter for the set-up only: a missing one is no fault once TensorFlow is there. */
function toolLines(report: DoctorReport): readonly Line[] {
  const missing: Mark = report.backend === null ? 'bad' : 'note';
  const lines = (['python', 'pip', 'npm', 'compiler'] as const).map((name): Line => {
    const version = report.tools[name];
    return { mark: version === null ? missing : 'good', label: name, text: shortVersion(name, version) };
  });
  const { folder, freeBytes } = report.cache;
  const needed = neededSpace(report);
  const space = freeBytes === null ? 'free space unknown' : `${gigabytes(freeBytes)} free`;
  const wanted = needed === 0 ? '' : `, ${gigabytes(needed)} needed for the set-up`;
  return [
    ...lines,
    { mark: enoughSpace(report) ? 'good' : 'bad', label: 'cache', text: `${folder} (${space}${wanted})` },
  ];
}

/** pip's line carries its folder, npm's is a bare number. */
function shortVersion(name: string, version: string | null): string {
  if (version === null) return 'not found';
  if (name === 'npm') return version;
  return version.replace(/ from .*$/, '').replace(/^(pip|Python) /, '');
}

/** What to do next: one sentence, the most pressing first. */
function advice(report: DoctorReport): string {
  const { choice, backend, tools } = report;
  if (!report.node.supported) return 'Next: install Node 20.19 or newer.';
  if (choice.build === null) return 'Next: pipe runs here with --backend cpu (pure JavaScript, tens of times slower).';
  if (backend === null) {
    const missing = (['pip', 'npm', 'compiler'] as const).filter((name) => tools[name] === null);
    if (missing.length > 0)
      return `Next: install ${missing.join(', ')}, then "pipe setup". --backend cpu works without.`;
    if (!enoughSpace(report)) {
      return 'Next: free some disk space, or move the cache by XDG_CACHE_HOME, then "pipe setup".';
    }
    return 'Next: "pipe setup" installs TensorFlow into the cache. --backend cpu works without.';
  }
  if ('problem' in backend) return `Next: ${backend.problem.hint ?? 'use --backend cpu.'}`;
  if (choice.build === 'gpu' && !backend.probe.gpu) {
    return 'Next: TensorFlow does not see the GPU; update the NVIDIA driver (525 or newer for CUDA 12) and look at "nvidia-smi".';
  }
  return 'All is well: "pipe run" trains on the native backend.';
}

/** The report for a terminal: a mark, a name and a fact a line, by groups, and what to do next. */
export function formatDoctor(report: DoctorReport): string {
  const groups: readonly (readonly [string, readonly Line[]])[] = [
    ['Machine', machineLines(report)],
    ['Native backend', backendLines(report)],
    ['For the set-up', toolLines(report)],
  ];
  const text = groups.map(([title, lines]) =>
    [title, ...lines.map(({ mark, label, text }) => `  ${signs[mark]} ${label.padEnd(11)} ${text}`)].join('\n'),
  );
  return `${text.join('\n\n')}\n\n${advice(report)}`;
}
