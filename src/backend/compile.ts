import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { ok, type Result } from '../util/result.ts';
import type { SetUpContext } from './set-up-context.ts';
import { runOrFail } from './tool.ts';

/**
 * Compiles the addon's source, which the npm package carries, against TensorFlow's C API. The run path is relative
 * to the addon, so that the folder can be renamed into its place. Errors: `backend-compile` with the compiler's
 * last lines, `interrupted`.
 */
export async function compileBinding(context: SetUpContext): Promise<Result<void>> {
  const { staging } = context;
  const addon = path.join(staging, 'node_modules/@tensorflow/tfjs-node-gpu');
  const tensorflow = path.join(staging, 'tensorflow');
  const output = path.join(context.temporary, 'tfjs_binding.node');
  const compiled = await runOrFail(
    'backend-compile',
    'compiling the TensorFlow binding',
    [
      ...context.tools.compiler.command,
      '-std=c++17',
      '-O2',
      '-fPIC',
      '-shared',
      '-DNAPI_VERSION=8',
      `-I${path.join(staging, 'node_modules/node-api-headers/include')}`,
      `-I${path.join(addon, 'binding')}`,
      `-I${addon}`,
      `-I${path.join(tensorflow, 'include')}`,
      path.join(addon, 'binding/tfjs_backend.cc'),
      path.join(addon, 'binding/tfjs_binding.cc'),
      path.join(tensorflow, 'libtensorflow_cc.so.2'),
      path.join(tensorflow, 'libtensorflow_framework.so.2'),
      '-Wl,-rpath,$ORIGIN/../../../../../tensorflow',
      '-o',
      output,
    ],
    { ...context, hint: 'another compiler can be named by CXX, for example CXX=clang++' },
  );
  if (!compiled.ok) return compiled;
  const folder = path.join(addon, 'lib/napi-v8');
  await mkdir(folder, { recursive: true });
  await rename(output, path.join(folder, 'tfjs_binding.node'));
  return ok();
}
