import { stat } from 'node:fs/promises'

/** How long ago a file was written, in milliseconds; about 0 for one that is gone. */
export const ageMs = async (path: string): Promise<number> =>
  Date.now() - (await stat(path).then(({ mtimeMs }) => mtimeMs, Date.now))
