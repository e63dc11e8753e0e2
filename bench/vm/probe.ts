import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from '../../scripts/vm/shell'
import { loadImage } from '../../testing/engine/images'

/** Our measuring program (`probe/main.go`), alone in an image. */
export const probeImage = 'slipway-bench/probe:latest'
export const probePath = join(import.meta.dirname, '../../node_modules/.cache/bench-vm/probe')

export async function loadProbe(socketPath: string): Promise<void> {
  const env = { CGO_ENABLED: '0' }
  await runTool('go', ['build', '-trimpath', '-o', probePath, '.'], {
    cwd: join(import.meta.dirname, 'probe'),
    env,
  })
  const program = { name: 'probe', mode: 0o755, data: readFileSync(probePath) }
  await loadImage(socketPath, {
    reference: probeImage,
    layers: [[program, { name: 'tmp/', isFolder: true, mode: 0o1777 }]],
    config: { Entrypoint: ['/probe'] },
  })
}
