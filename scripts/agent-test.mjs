// `npm run agent:test`: vets and tests the agent, then feeds each of its fuzz targets so many inputs. One that fails
// is kept by Go in the package's testdata, and is a test from then on.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const agent = join(import.meta.dirname, '..', 'native', 'agent')
/** Bounded, as this runs with every test; `go test -fuzz` by hand goes on for as long as one likes. */
const inputs = '20000x'

/** @param {string[]} args */
function go(...args) {
  const { status } = spawnSync('go', args, { cwd: agent, stdio: 'inherit' })
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
go('test', './...')
for (const { folder, target } of targets)
  go('test', '-run=^$', `-fuzz=^${target}$`, `-fuzztime=${inputs}`, '-parallel=2', `./${folder}`)
