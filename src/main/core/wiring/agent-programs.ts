import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { AgentBinary } from '../agent/road'

/** The agent's program for an engine's architecture; `undefined` where none was built or packed. */
export type AgentPrograms = (arch: string) => AgentBinary | undefined

/** As engines name architectures, and as Go does. */
const architectures: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  amd64: 'amd64',
  aarch64: 'arm64',
  arm64: 'arm64',
}

/** Whether the agent is made for such an engine at all. */
export const isAgentArchitecture = (arch: string): boolean => Object.hasOwn(architectures, arch)

/** Looks upwards from where this code runs: beside the app's archive in a package, in its folder in a checkout. */
export function findAgentPrograms(from = import.meta.dirname): AgentPrograms {
  return (arch) => {
    const name = isAgentArchitecture(arch) ? architectures[arch] : undefined
    return name === undefined ? undefined : programAbove(from, name)
  }
}

function programAbove(folder: string, arch: string): AgentBinary | undefined {
  for (const out of [join(folder, 'agent'), join(folder, 'native', 'agent', '.out')]) {
    const path = join(out, arch, 'slipway-agent')
    const version = join(out, 'version')
    if (existsSync(path) && existsSync(version))
      return { path, version: readFileSync(version, 'utf8').trim() }
  }
  const above = dirname(folder)
  return above === folder ? undefined : programAbove(above, arch)
}
