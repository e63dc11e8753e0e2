// `npm run agent:test`: vets and tests the agent, then feeds each of its fuzz targets so many inputs. One that fails
// is kept by Go in the package's testdata, and is a test from then on. `--json FILE` keeps Go's own events as well.
import { spawnSync } from 'node:child_process'
import { appendFileSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { goEvents, goText } from './test/go-events.mjs'

const { json } = parseArgs({ options: { json: { type: 'string' } } }).values
if (json) rmSync(json, { force: true })

const agent = join(import.meta.dirname, '..', 'native', 'agent')
/** Bounded, as this runs with every test; `go test -fuzz` by hand goes on for as long as one likes. */
const inputs = '20000x'

/** @param {string[]} args */
function go(...args) {
  const { status } = spawnSync('go', args, { cwd: agent, stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}

/** Far more than all tests print, and they print for each of their steps. */
const mostBytes = 512 * 1024 * 1024

/** @param {string[]} args */
function goTest(...args) {
  const { status, stdout, error } = spawnSync('go', ['test', '-json', ...args], {
    ...{ cwd: agent, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', maxBuffer: mostBytes },
  })
  if (error) console.error(error.message)
  if (json) appendFileSync(json, stdout ?? '')
  process.stdout.write(goText(goEvents(stdout ?? '')))
  if (status !== 0) process.exitCode = 1
}

const targets = readdirSync(agent, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
  .flatMap(({ name: folder }) =>
    readdirSync(join(agent, folder))
      .filter((name) => name.endsWith('_test.go'))
      .flatMap((name) => [...readFileSync(join(agent, folder, name), 'utf8').matchAll(/^func (Fuzz\w+)\(/gm)])
      .map(([, target]) => ({ folder, target })),
  )

go('vet', './...')
goTest('./...')
for (const { folder, target } of targets)
  goTest('-run=^$', `-fuzz=^${target}$`, `-fuzztime=${inputs}`, '-parallel=2', `./${folder}`)
