// Completes package-lock.json after `npm install` behind a registry mirror that lacks packages of other platforms: npm
// then leaves these optional packages out of the lock, and `npm ci` refuses it everywhere. What is added is never
// installed here; on its own platform npm fetches it by name and version.
//   node .ci/complete-lock.mjs package-lock.json
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.argv[2] ?? 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const platform =
  /(android|darwin|linux|win32|freebsd)-(arm64|x64|arm|ia32|riscv64|ppc64|s390x|loong64)-?(gnu|musl|gnueabihf|msvc)?$/;
let added = 0;
for (const [path, entry] of Object.entries({ ...lock.packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (lock.packages[`node_modules/${name}`] || lock.packages[`${path}/node_modules/${name}`]) continue;
    const [, os, cpu, libc] = platform.exec(name) ?? [];
    if (os === undefined || !/^\d/.test(version)) throw new Error(`${name} ${version}: for which platform is it?`);
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu: [cpu],
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
      os: [os],
      ...(libc === 'musl' ? { libc: ['musl'] } : libc === 'gnu' ? { libc: ['glibc'] } : {}),
    };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([left], [right]) => (left < right ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages of other platforms added`);
