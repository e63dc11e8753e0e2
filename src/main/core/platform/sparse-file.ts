import { join } from 'node:path'
import { run } from './child'
import { log } from './log'

/**
 * Lets a file have holes. NTFS keeps them only in a file that says so, and fills every other one with zeros as soon
 * as something is written behind them: to be called before the file is made longer. Elsewhere holes need no word. A
 * file system that has none (FAT) refuses it, and the file is as good, only bigger.
 */
export async function markSparse(path: string, platform = process.platform): Promise<void> {
  if (platform !== 'win32') return
  const fsutil = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'fsutil.exe')
  const refusal = await run(fsutil, ['sparse', 'setflag', path]).then(
    ({ code, stdout, stderr }) => (code === 0 ? undefined : stdout.trim() || stderr.trim() || String(code)),
    String,
  )
  if (refusal !== undefined) log.info('platform', 'a file cannot have holes here', { path, refusal })
}
