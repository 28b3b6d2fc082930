import type { DatasetRequest } from './dataset-format.ts';

/** The parameters that say how files are read, without those that were not given. */
export function readingOptions(
  params: Pick<DatasetRequest, 'orientation' | 'images'>,
): Pick<DatasetRequest, 'orientation' | 'images'> {
  return {
    ...(params.orientation === undefined ? {} : { orientation: params.orientation }),
    ...(params.images === undefined ? {} : { images: params.images }),
  };
}
