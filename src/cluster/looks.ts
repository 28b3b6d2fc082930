/** Looks at what others have written, in a folder that many machines may share. */
export interface Looks {
  /** Looks when the file system tells of news, or there is something new to see to. */
  soon(): void;
  close(): void;
}

export interface LooksSettings {
  /** Never called again before it has come back. `isFull`: at everything, not only at what was told of. */
  readonly look: (isFull: boolean) => Promise<void>;
  /** Whether there is anything to look for, when nobody asks. */
  readonly isNeeded: () => boolean;
  readonly onBroken: (problem: unknown) => void;
}

/** Milliseconds between two looks at everything, where the file system does not tell of changes. */
export const lookEvery = 1000;
/** Milliseconds between two looks at what it tells of: pilots may tell hundreds of things a second. */
export const newsEvery = 50;

/** Looks begin with the first `soon`, and go on by themselves as long as they are needed. */
export function createLooks({ look, isNeeded, onBroken }: LooksSettings): Looks {
  let timer: NodeJS.Timeout | undefined;
  let dueAt = 0;
  let lookedAt = 0;
  let fullAt = 0;
  let looking = false;
  let again = false;
  let closed = false;

  const wakeIn = (milliseconds: number): void => {
    const due = performance.now() + milliseconds;
    if (timer !== undefined && dueAt <= due) return;
    clearTimeout(timer);
    dueAt = due;
    timer = setTimeout(() => void once().catch(onBroken), milliseconds);
  };
  const soon = (): void => {
    if (looking || closed) {
      again = true;
      return;
    }
    wakeIn(Math.max(0, lookedAt + newsEvery - performance.now()));
  };
  const once = async (): Promise<void> => {
    timer = undefined;
    looking = true;
    again = false;
    lookedAt = performance.now();
    const isFull = lookedAt - fullAt >= lookEvery;
    if (isFull) fullAt = lookedAt;
    try {
      await look(isFull);
    } finally {
      looking = false;
    }
    if (closed || (!isNeeded() && !again)) return;
    if (again) soon();
    wakeIn(lookEvery);
  };
  return {
    soon,
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
