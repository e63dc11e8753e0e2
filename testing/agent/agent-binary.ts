import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildAgent } from '../../scripts/agent-build.mjs'

const root = join(import.meta.dirname, '..', '..')
const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64'

/** The agent of these sources for this machine: built when it is not. */
export function agentBinary(): { readonly path: string; readonly version: string } {
  const { version } = buildAgent(root)
  return { path: join(root, 'native', 'agent', '.out', architecture, 'slipway-agent'), version }
}

/** The same program under another version, as one that an update brings. */
export function agentOfVersion(
  version: string,
  path: string,
): { readonly path: string; readonly version: string } {
  const flags = ['build', '-trimpath', '-ldflags', `-s -w -X main.version=${version}`, '-o', path, '.']
  const env = {
    ...process.env,
    GOOS: 'linux',
    GOARCH: architecture,
    CGO_ENABLED: '0',
    GOFLAGS: '',
    GOWORK: 'off',
  }
  const built = spawnSync('go', flags, { cwd: join(root, 'native', 'agent'), encoding: 'utf8', env })
  if (built.status !== 0) throw new Error(`The agent could not be built: ${built.stderr}`)
  return { path, version }
}
