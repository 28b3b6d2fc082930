/** A job's log file in its run's folder: its name as far as that makes a file name, and a piece of its fingerprint where something is left out. */
export function logName(job: string, fingerprint: string): string {
  const name = job.replace(/[^\w.=[\],-]+/g, '_').slice(0, 120);
  return name === job ? `${name}.log` : `${name}-${fingerprint.slice(0, 8)}.log`;
}
