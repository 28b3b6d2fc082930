import { expect, test } from 'vitest';
import { machineLimits } from '../../src/machine/limits.ts';

const gigabyte = 2 ** 30;
const system = { cpus: 16, memory: 64 * gigabyte };
const meminfo = { '/proc/meminfo': `MemTotal: ${64 * 2 ** 20} kB\nMemAvailable:    ${60 * 2 ** 20} kB\n` };

function limits(files: Readonly<Record<string, string>>) {
  return machineLimits((path) => ({ ...meminfo, ...files })[path], system);
}

test('without control groups there is what the system has free', () => {
  expect(limits({})).toEqual({ cpus: 16, memory: 60 * gigabyte });
});

test("a container's limits hold (control groups, version 2)", () => {
  const files = {
    '/proc/self/cgroup': '0::/',
    '/sys/fs/cgroup/cpu.max': '250000 100000\n',
    '/sys/fs/cgroup/memory.max': `${8 * gigabyte}\n`,
    '/sys/fs/cgroup/memory.current': `${3 * gigabyte}\n`,
    '/sys/fs/cgroup/memory.stat': `anon 1\ninactive_file ${gigabyte}\n`,
  };
  expect(limits(files)).toEqual({ cpus: 2, memory: 6 * gigabyte });
});

test('the tightest limit on the way up to the root holds', () => {
  const files = {
    '/proc/self/cgroup': '0::/user.slice/job.scope',
    '/sys/fs/cgroup/user.slice/cpu.max': '400000 100000',
    '/sys/fs/cgroup/user.slice/job.scope/cpu.max': 'max 100000',
    '/sys/fs/cgroup/user.slice/job.scope/memory.max': 'max',
    '/sys/fs/cgroup/user.slice/memory.high': `${4 * gigabyte}`,
  };
  expect(limits(files)).toEqual({ cpus: 4, memory: 4 * gigabyte });
});

test('control groups of version 1 are obeyed, and their number for "no limit" is known', () => {
  const files = {
    '/proc/self/cgroup': '5:cpu,cpuacct:/box\n4:memory:/box\n1:name=systemd:/other\n',
    '/sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us': '50000',
    '/sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us': '100000',
    '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712',
    '/sys/fs/cgroup/memory/box/memory.limit_in_bytes': `${2 * gigabyte}`,
    '/sys/fs/cgroup/memory/box/memory.usage_in_bytes': `${gigabyte}`,
  };
  // Half a processor is one slot: a run without any would never end.
  expect(limits(files)).toEqual({ cpus: 1, memory: gigabyte });
});
