import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** `npm run check`: what must hold before a commit. Each step is one command of package.json. */
interface Step {
  readonly name: string
  readonly args: readonly string[]
}

const step = (name: string, ...args: string[]): Step => ({ name, args })
const cached = (folder: string): string[] => ['--cache', '--cache-location', `node_modules/.cache/${folder}`]

const lint = ['--report-unused-disable-directives', '--deny-warnings']

// The longest first: whichever of the two cores is free takes the next.
const steps: readonly Step[] = [
  step('window', 'vitest', 'run', '--project', 'window', '--maxWorkers=2'),
  step('lint', 'oxlint', ...lint),
  step('unit', 'vitest', 'run', '--project', 'unit'),
  step('types', 'tsc', '-b'),
  step('format', 'prettier', '--check', '.', ...cached('prettier-check')),
  step('imports', 'depcruise', 'src', '--config', '.dependency-cruiser.cjs'),
]
const atOnce = 2

function run(step: Step): Promise<boolean> {
  const startedMs = Date.now()
  return new Promise((resolve) => {
    // Not through npx, which takes a second of its own to find each.
    const [program = '', ...args] = step.args
    const child = spawn(join('node_modules/.bin', program), args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let said = ''
    child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
    child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()))
    child.on('close', (code) => {
      const seconds = ((Date.now() - startedMs) / 1000).toFixed(1)
      console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${step.name} (${seconds} s)`)
      if (code !== 0) console.log(said)
      resolve(code === 0)
    })
  })
}

async function runNext(waiting: Step[]): Promise<boolean> {
  let isGood = true
  for (let next = waiting.shift(); next; next = waiting.shift()) isGood = (await run(next)) && isGood
  return isGood
}

const waiting = [...steps]
const results = await Promise.all(Array.from({ length: atOnce }, () => runNext(waiting)))
process.exitCode = results.every(Boolean) ? 0 : 1
