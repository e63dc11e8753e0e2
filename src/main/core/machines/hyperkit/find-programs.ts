import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** Where Homebrew, MacPorts and hand-made installs of HyperKit put their programs, beside the PATH. */
const usualFolders = ['/usr/local/bin', '/opt/local/bin']

/** `own`: folders of ours that come first, as the packaged app's. An app's PATH on macOS is a short one. */
export function foldersOf(own: readonly string[], path = process.env['PATH'] ?? ''): string[] {
  return [...own, ...path.split(delimiter).filter((folder) => folder !== ''), ...usualFolders]
}

export async function findProgram(name: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name)
    const canRun = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (canRun) return path
  }
  return undefined
}
