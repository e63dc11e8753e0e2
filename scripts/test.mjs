// `npm test`: sets up what the tests need, runs everything, and ends with `N passed, N failed[, N skipped]`.
// Plain Node without packages: it may run before `npm ci`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { countPlaywright, countVitest, sum } from './test/counts.mjs'
import { installApt, installNpm } from './setup/install.mjs'
import { imagePackages, machinePackages } from './setup/vm-packages.mjs'

const root = join(import.meta.dirname, '..')
const results = join(root, 'test-results')
process.chdir(root)
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })

const packages = {
  dockerd: 'docker.io',
  'docker-registry': 'docker-registry',
  chromium: 'chromium',
  Xvfb: 'xvfb',
  busybox: 'busybox-static',
  '7za': 'p7zip-full',
  ip: 'iproute2',
  iptables: 'iptables',
  dpkg: 'dpkg',
  python3: 'python3',
  make: 'make',
  'g++': 'g++',
  git: 'git',
  htpasswd: 'apache2-utils',
  go: 'golang-go',
  zstd: 'zstd',
  sshd: 'openssh-server',
  'ssh-agent': 'openssh-client',
  script: 'bsdutils',
  mke2fs: 'e2fsprogs',
  ...imagePackages,
  ...machinePackages,
}

/** Runs one step; the whole output goes to the screen and to a file beside the other results. */
function step(name, command, args, env = {}) {
  const startedMs = Date.now()
  console.log(`\n── ${name}`)
  const { status, stdout, stderr } = spawnSync(command, args, {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 40 * 60_000,
  })
  const said = `${stdout ?? ''}${stderr ?? ''}`
  writeFileSync(join(results, `${name}.log`), said)
  console.log(said.trimEnd().split('\n').slice(-400).join('\n'))
  console.log(
    `── ${name}: ${status === 0 ? 'ok' : 'FAILED'} in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`,
  )
  return status === 0
}

const readJson = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined)

/** A whole tool (types, lint, ...) counts as one test. */
const tool = (name, ...args) => {
  const isGood = step(name, 'npx', ['--no-install', ...args])
  return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: [], failures: isGood ? [] : [name] }
}

function vitest(project) {
  const file = join(results, `${project}.json`)
  const isGood = step(project, 'npx', [
    '--no-install',
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ])
  return countVitest(project, readJson(file), isGood)
}

function playwright() {
  const file = join(results, 'e2e.json')
  const isGood = step('e2e', 'npx', [
    '--no-install',
    'playwright',
    'test',
    '--config',
    'e2e/playwright.config.ts',
  ])
  return countPlaywright(readJson(file), isGood)
}

/** Go counts packages with tests: `go test` names each of them in a line. */
function goTests() {
  const isGood = step('agent', 'npm', ['run', '-s', 'agent:test'])
  const lines = readFileSync(join(results, 'agent.log'), 'utf8').split('\n')
  const failures = lines
    .filter((line) => /^FAIL\s+\S/.test(line))
    .map((line) => `agent: ${line.split(/\s+/)[1]}`)
  const passed = lines.filter((line) => /^ok\s/.test(line)).length
  // A build that fails names no package.
  if (!isGood && failures.length === 0) failures.push('agent')
  return { passed, failed: failures.length, skipped: [], failures }
}

installApt(packages)
installNpm(root)

const all = [
  tool('types', 'tsc', '-b'),
  tool(
    'lint',
    'eslint',
    '.',
    '--max-warnings=0',
    '--cache',
    '--cache-location',
    'node_modules/.cache/eslint/',
  ),
  tool('imports', 'depcruise', 'src', '--config', '.dependency-cruiser.cjs'),
  tool('format', 'prettier', '--check', '.'),
  tool('build', 'electron-vite', 'build'),
  goTests(),
  vitest('unit'),
  vitest('window'),
  vitest('parts'),
  vitest('vm'),
  playwright(),
]
const total = sum(all)

if (total.skipped.length > 0)
  console.log(`\nSkipped:\n${total.skipped.map((line) => `  - ${line}`).join('\n')}`)
if (total.failures.length > 0) {
  console.log(
    `\nFailed (logs, traces and screenshots are in test-results/):\n${total.failures.map((line) => `  - ${line}`).join('\n')}`,
  )
}
const skipped = total.skipped.length > 0 ? `, ${total.skipped.length} skipped` : ''
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`)
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
