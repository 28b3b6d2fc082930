/** The steps of a set-up, in order. */
export const setUpSteps = ['packages', 'wheels', 'unpack', 'compile', 'try'] as const;

export type SetUpStep = (typeof setUpSteps)[number];

/** What happens during a set-up, for whoever shows it. */
export type SetUpEvent =
  /** Another process is setting up the same build; this one waits for it. */
  | { readonly type: 'waiting' }
  /** A step begins. `number` counts from 1. */
  | {
      readonly type: 'step';
      readonly step: SetUpStep;
      readonly number: number;
      readonly of: number;
      readonly title: string;
    }
  /** How far the step's current file is, in bytes. */
  | { readonly type: 'progress'; readonly label: string; readonly done: number; readonly total: number | undefined }
  /** Something worth a line: a fallback that was taken, leftovers that were removed. */
  | { readonly type: 'notice'; readonly text: string };

const titles: Readonly<Record<SetUpStep, string>> = {
  packages: 'install the JavaScript packages',
  wheels: 'download TensorFlow',
  unpack: 'unpack TensorFlow',
  compile: 'compile the binding',
  try: 'try it',
};

/** The event that begins a step. */
export function stepEvent(step: SetUpStep): SetUpEvent {
  return { type: 'step', step, number: setUpSteps.indexOf(step) + 1, of: setUpSteps.length, title: titles[step] };
}
