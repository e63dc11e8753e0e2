// `npm run agent:build`: builds slipway-agent for each Linux architecture into native/agent/.out/ARCH/. Plain
// Node without packages: it may run before `npm ci`. Unchanged sources build nothing.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'

const architectures = ['amd64', 'arm64']

/** @param {string} folder @returns {string[]} */
function sourcesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory())
      return entry.name === '.out' || entry.name === 'testdata' ? [] : sourcesBelow(path)
    return /(?<!_test)\.go$|^go\.(mod|sum)$/.test(entry.name) ? [path] : []
  })
}

/**
 * Builds what is not built yet. The version is the hash of the sources and the compiler, so an older agent that
 * still runs somewhere is known by it. Static, without paths and dates: the same sources give the same bytes.
 * @param {string} root of the checkout
 * @returns {{version: string, isNew: boolean}}
 */
export function buildAgent(root) {
  const folder = join(root, 'native', 'agent')
  const compiler = spawnSync('go', ['version'], { encoding: 'utf8' })
  if (compiler.status !== 0) throw new Error('Go is needed to build the agent: apt-get install golang-go')
  const hash = createHash('sha256').update(compiler.stdout.split(' ')[2] ?? '')
  for (const path of sourcesBelow(folder).sort())
    hash.update(relative(folder, path)).update(readFileSync(path))
  const version = hash.digest('hex').slice(0, 16)
  const stamp = join(folder, '.out', 'version')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === version) return { version, isNew: false }
  for (const architecture of architectures) {
    const out = join(folder, '.out', architecture)
    mkdirSync(out, { recursive: true })
    // Who starts or packs the agent at this moment finds a whole one.
    const fresh = join(out, `.slipway-agent.${process.pid}`)
    const built = spawnSync(
      'go',
      ['build', '-trimpath', '-ldflags', `-s -w -buildid= -X main.version=${version}`, '-o', fresh, '.'],
      {
        cwd: folder,
        stdio: ['ignore', 'inherit', 'inherit'],
        env: {
          ...process.env,
          GOOS: 'linux',
          GOARCH: architecture,
          CGO_ENABLED: '0',
          GOFLAGS: '',
          GOWORK: 'off',
        },
      },
    )
    if (built.status !== 0) throw new Error(`The agent could not be built for ${architecture}`)
    renameSync(fresh, join(out, 'slipway-agent'))
  }
  writeFileSync(stamp, version)
  return { version, isNew: true }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { version, isNew } = buildAgent(join(import.meta.dirname, '..'))
  console.log(isNew ? `Built slipway-agent ${version}` : `slipway-agent ${version} is built already`)
}
