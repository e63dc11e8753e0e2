import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The version in our own package.json, found upwards from where this code runs: sources, `dist`, or a package. */
export function appVersion(from = import.meta.dirname): string {
  const file = join(from, 'package.json')
  if (existsSync(file)) {
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string }
    if (name === 'slipway' && version) return version
  }
  const above = dirname(from)
  return above === from ? '0.0.0' : appVersion(above)
}
