import { spawn } from 'node:child_process'

/**
 * `npm run check`: what must hold before a commit. Each step is a command of package.json; the longest first, as
 * whichever of the two cores is free takes the next.
 */
const steps = ['window', 'format:check', 'unit', 'types', 'lint', 'imports'] as const
type Step = (typeof steps)[number]

const atOnce = 2

function run(step: Step): Promise<boolean> {
  const startedMs = Date.now()
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '-s', step], {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let said = ''
    child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
    child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()))
    child.on('close', (code) => {
      const seconds = ((Date.now() - startedMs) / 1000).toFixed(1)
      console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${step} (${seconds} s)`)
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

const waiting: Step[] = [...steps]
const results = await Promise.all(Array.from({ length: atOnce }, () => runNext(waiting)))
process.exitCode = results.every(Boolean) ? 0 : 1
