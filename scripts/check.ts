import { spawn } from 'node:child_process'

/** `npm run check`: what must hold before a commit. Each step is one command of package.json. */
interface Step {
  readonly name: string
  readonly args: readonly string[]
}

const npx = (name: string, ...args: string[]): Step => ({ name, args })

// Two lanes for two cores, about equally long.
const lanes: readonly (readonly Step[])[] = [
  [
    npx(
      'lint',
      'eslint',
      '.',
      '--max-warnings=0',
      '--cache',
      '--cache-location',
      'node_modules/.cache/eslint/',
    ),
    npx(
      'format',
      'prettier',
      '--check',
      '.',
      '--cache',
      '--cache-location',
      'node_modules/.cache/prettier-check',
    ),
    npx('imports', 'depcruise', 'src', '--config', '.dependency-cruiser.cjs'),
  ],
  [npx('types', 'tsc', '-b'), npx('unit', 'vitest', 'run', '--project', 'unit', '--project', 'window')],
]

function run(step: Step): Promise<boolean> {
  const startedMs = Date.now()
  return new Promise((resolve) => {
    const child = spawn('npx', ['--no-install', ...step.args], { stdio: ['ignore', 'pipe', 'pipe'] })
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

async function runLane(steps: readonly Step[]): Promise<boolean> {
  let isGood = true
  for (const step of steps) isGood = (await run(step)) && isGood
  return isGood
}

const results = await Promise.all(lanes.map(runLane))
process.exitCode = results.every(Boolean) ? 0 : 1
