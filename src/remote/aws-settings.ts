import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { AwsCredentials } from './signature.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The values of one section of an INI file, as AWS's tools write them. */
function section(path: string, name: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return {};
  }
  const values: Record<string, string> = {};
  let inside = false;
  for (const line of text.split('\n')) {
    const [, head] = /^\s*\[\s*(?:profile\s+)?([^\]]+?)\s*\]/.exec(line) ?? [];
    if (head !== undefined) inside = head === name;
    const [, key, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (inside && key !== undefined && value !== undefined) values[key] = value;
  }
  return values;
}

/** Credentials by the environment, else by `~/.aws/credentials` and AWS_PROFILE. Errors: there are none. */
export function awsCredentials(env: Environment): Result<AwsCredentials> {
  const file = env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(env['HOME'] ?? homedir(), '.aws', 'credentials');
  const saved = section(file, env['AWS_PROFILE'] ?? 'default');
  const fromEnv = env['AWS_ACCESS_KEY_ID'] !== undefined;
  const pick = (name: string): string | undefined => (fromEnv ? env[name.toUpperCase()] : saved[name]);
  const [id, secret, token] = [pick('aws_access_key_id'), pick('aws_secret_access_key'), pick('aws_session_token')];
  if (id === undefined || secret === undefined) {
    const hint = 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile of ~/.aws/credentials';
    return err(failure('remote-credentials', 'there are no credentials for S3', { hint }));
  }
  return ok({ accessKeyId: id, secretAccessKey: secret, ...(token === undefined ? {} : { sessionToken: token }) });
}

/** The region by the environment, else by `~/.aws/config`; S3's first one by default. */
export function awsRegion(env: Environment): string {
  const file = env['AWS_CONFIG_FILE'] ?? join(env['HOME'] ?? homedir(), '.aws', 'config');
  const saved = (): string | undefined => section(file, env['AWS_PROFILE'] ?? 'default')['region'];
  return env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? saved() ?? 'us-east-1';
}
