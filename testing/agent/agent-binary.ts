import { join } from 'node:path'
import { buildAgent } from '../../scripts/agent-build.mjs'

const root = join(import.meta.dirname, '..', '..')
const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64'

/** The agent of these sources for this machine: built when it is not. */
export function agentBinary(): { readonly path: string; readonly version: string } {
  const { version } = buildAgent(root)
  return { path: join(root, 'native', 'agent', '.out', architecture, 'slipway-agent'), version }
}
