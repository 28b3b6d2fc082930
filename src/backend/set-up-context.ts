import type { Environment } from './choice.ts';
import type { Build, BuildPins } from './pins.ts';
import type { Tools } from './requirements.ts';
import type { SetUpEvent } from './set-up-event.ts';

/** What every step of a set-up is given. */
export interface SetUpContext {
  readonly build: Build;
  readonly pins: BuildPins;
  readonly tools: Tools;
  /** The folder that becomes the backend by a rename at the end. */
  readonly staging: string;
  /** For half-done work, below `staging`: emptied at every start. */
  readonly temporary: string;
  readonly env: Environment;
  readonly onEvent: (event: SetUpEvent) => void;
  readonly signal: AbortSignal;
}
