import { readFile } from 'node:fs/promises'

/** The lines of one of vm-assets' lists, as words, without comments. */
export async function readList(path: string): Promise<string[][]> {
  const lines = (await readFile(path, 'utf8')).split('\n')
  return lines
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/))
}
