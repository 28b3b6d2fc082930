/** What is fed to a training step. */
export type StepInput = 'pixels' | 'labels' | 'seed' | 'scalars' | 'class_weights' | 'transforms';

/** Names of what a training graph takes and gives. */
export const names = {
  /** Number by which pixels are divided. */
  scale: 'scale',
  /** Placeholder of one input of the training step for a batch size. */
  trainInput: (batch: number, input: StepInput) => `train_${batch}_${input}`,
  /** Loss and right rows of a step; fetching it makes the step. */
  trained: (batch: number) => `trained_${batch}`,
  scorePixels: 'score_pixels',
  probabilities: 'probabilities',
  weight: (index: number) => `weight_${index}`,
  slot: (index: number, slot: number) => `slot_${index}_${slot}`,
  images: 'images',
  /** Placeholder of a variable's next value. */
  set: (variable: string) => `set_${variable}`,
  /** Output of a variable's value. */
  get: (variable: string) => `get_${variable}`,
  /** Fetching them sets the weights and slots, or the images. */
  assigned: 'assigned',
  imagesAssigned: 'images_assigned',
} as const;
