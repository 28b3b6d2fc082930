type Environment = Readonly<Record<string, string | undefined>>;

/** What every program may see: where programs and temporary files are, who runs it, its language, its share of the machine. */
const allowed =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_[A-Z]+|TZ|TMPDIR|LD_LIBRARY_PATH|VIRTUAL_ENV|CONDA_PREFIX|CUDA_VISIBLE_DEVICES|CUDA_DEVICE_ORDER|CUDA_MPS_PIPE_DIRECTORY|CUDA_MPS_LOG_DIRECTORY|OMP_NUM_THREADS|TF_NUM_INTRAOP_THREADS|TF_NUM_INTEROP_THREADS|SYSTEMROOT|TEMP|TMP|PATHEXT|COMSPEC)$/;

/**
 * The environment of a program: the pipeline's declared variables, ours, and what every program needs. Any other
 * variable could change the result without being part of the fingerprint, so the program does not get it.
 */
export function programEnvironment(own: Environment, declared: Environment, ours: Environment): Record<string, string> {
  const kept = Object.entries(own).filter(([name]) => allowed.test(name));
  const all = [...kept, ...Object.entries(declared), ...Object.entries(ours)];
  return Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** `PIPE_INPUT_<NAME>`: the name in capitals, each character but letters and digits an underscore (-1 is not 1). */
export function variableName(parts: readonly string[]): string {
  const name = parts.join('_').toUpperCase();
  return `PIPE_INPUT_${name.replace(/[^A-Z0-9]/g, '_')}`;
}
