import { join } from 'node:path'
import { run } from '../../src/main/core/platform/child'

/** `file-watcher.go` as a program that runs in any container. */
export async function buildFileWatcher(path: string): Promise<void> {
  const source = join(import.meta.dirname, 'file-watcher.go')
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' }
  const built = await run('go', ['build', '-trimpath', '-o', path, source], { timeoutMs: 120_000, env })
  if (built.code !== 0) throw new Error(`The watcher could not be built: ${built.stderr}`)
}
