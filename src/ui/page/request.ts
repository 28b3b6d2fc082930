/** Something that the server could not do, as it says it. */
export interface Problem {
  readonly message: string;
  readonly hint?: string;
  readonly detail?: string;
}

/** An answer, or why there is none. */
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: Problem };

const unreachable: Problem = {
  message: 'pipe has ended: nothing new comes here.',
  hint: 'pipe ui serves the page again; with the same --port this page goes on.',
};

/** Asks the server for JSON. */
export async function getJson<Value>(path: string): Promise<Answer<Value>> {
  return ask<Value>(path, {});
}

/** Asks the server to do something; `signal` gives up waiting, which the server notices. */
export async function postJson<Value>(path: string, body: object, signal?: AbortSignal): Promise<Answer<Value>> {
  return ask<Value>(path, {
    ...(signal === undefined ? {} : { signal }),
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function ask<Value>(path: string, init: RequestInit): Promise<Answer<Value>> {
  let answer: Response;
  try {
    answer = await fetch(path, init);
  } catch {
    return { ok: false, problem: unreachable };
  }
  try {
    const read: unknown = await answer.json();
    return answer.ok ? { ok: true, value: read as Value } : { ok: false, problem: read as Problem };
  } catch {
    return { ok: false, problem: { message: `the server answers ${answer.status} and no JSON` } };
  }
}
