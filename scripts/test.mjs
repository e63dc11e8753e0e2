// `npm test`: sets up what the tests need, runs everything, and ends with `N passed, N failed[, N skipped]`.
// Plain Node without packages: it may run before `npm ci`.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { countGo, countPlaywright, countVitest, firstLines, sum } from './test/counts.mjs'
import { findBrowser, noBrowser } from './setup/browser.mjs'
import { installApt, installNpm, isRoot } from './setup/install.mjs'
import { imagePackages, machinePackages } from './setup/vm-packages.mjs'

const root = join(import.meta.dirname, '..')
const results = join(root, 'test-results')
process.chdir(root)
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })

const packages = {
  dockerd: 'docker.io',
  'docker-registry': 'docker-registry',
  // Korean is as wide as it is only where a font has it.
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc': 'fonts-noto-cjk',
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
  zstd: 'zstd',
  sshd: 'openssh-server',
  'ssh-agent': 'openssh-client',
  openssl: 'openssl',
  script: 'bsdutils',
  mke2fs: 'e2fsprogs',
  '/usr/share/OVMF/OVMF_VARS_4M.fd': 'ovmf',
  sfdisk: 'fdisk',
  'fsck.vfat': 'dosfstools',
  mtype: 'mtools',
  patchelf: 'patchelf',
  ...imagePackages,
  ...machinePackages,
}

// What not every release has a package for: Debian 12's docker.io brings the command line along, and Ubuntu has
// Chromium as a snap only.
const whereKnown = { docker: 'docker-cli', ...(findBrowser() ? {} : { chromium: 'chromium' }) }

const running = new Set()
const endAll = () => {
  for (const pid of running) process.kill(-pid, 'SIGKILL')
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => {
    endAll()
    process.exit(1)
  })

/**
 * Runs one step; its whole output goes to a file beside the other results, and to the screen when it has ended, as
 * steps run side by side. A step past its time is killed with all it started.
 */
async function step(name, command, args) {
  const startedMs = Date.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  running.add(child.pid)
  const chunks = []
  child.stdout.on('data', (chunk) => chunks.push(chunk))
  child.stderr.on('data', (chunk) => chunks.push(chunk))
  const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), 40 * 60_000)
  const status = await new Promise((done) => {
    child.once('error', () => done(1))
    child.once('close', (code) => done(code))
  })
  clearTimeout(timer)
  running.delete(child.pid)
  const said = Buffer.concat(chunks).toString()
  writeFileSync(join(results, `${name}.log`), said)
  console.log(`\n── ${name}\n${said.trimEnd().split('\n').slice(-400).join('\n')}`)
  console.log(
    `── ${name}: ${status === 0 ? 'ok' : 'FAILED'} in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`,
  )
  return status === 0
}

const readJson = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined)

/** A whole command of package.json counts as one test. It gives way to whatever waits for a processor. */
const tool = async (name, command = name) => {
  const isGood = await step(name, 'nice', ['-n', '19', 'npm', 'run', '-s', command])
  const failures = isGood ? [] : [{ title: name, why: logLines(name).slice(-12) }]
  return { passed: isGood ? 1 : 0, failed: failures.length, skipped: [], failures }
}

const logLines = (name) => firstLines(readFileSync(join(results, `${name}.log`), 'utf8'), Infinity)

/** `verbose` tells each test as it ends: of a step that is killed this is all that is known. */
async function vitest(project, reporter = 'default') {
  const file = join(results, `${project}.json`)
  const reports = [
    `--reporter=${reporter}`,
    '--reporter=./scripts/test/skip-reasons.mjs',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]
  const isGood = await step(project, 'npx', [
    ...['--no-install', 'vitest', 'run', '--project', project],
    ...reports,
  ])
  return countVitest(project, readJson(file), isGood)
}

async function playwright() {
  const args = ['--no-install', 'playwright', 'test', '--config', 'e2e/playwright.config.ts']
  const isGood = await step('e2e', 'npx', args)
  return countPlaywright(readJson(join(results, 'e2e.json')), isGood)
}

async function goTests() {
  const file = join(results, 'agent.json')
  const isGood = await step('agent', 'npm', ['run', '-s', 'agent:test', '--', '--json', file])
  return countGo(existsSync(file) ? readFileSync(file, 'utf8') : '', isGood)
}

/** One after the other. */
async function inTurn(...steps) {
  const counts = []
  for (const run of steps) counts.push(await run())
  return sum(counts)
}

if (!isRoot())
  console.log(
    'The tests start engines of their own, which only root can: without it most of them fail. Run: sudo -E npm test',
  )
installApt(packages, whereKnown)
if (!findBrowser()) throw new Error(noBrowser)
installNpm(root)

// The machine's image, the parts and the specs all take it.
const agentBuild = await tool('agent-build', 'agent:build')

// The machine's checks mostly wait for an emulated processor: they run beside all that needs no browser.
const beside = vitest('vm', 'verbose')
const first = await inTurn(
  () => tool('types'),
  () => tool('build'),
  goTests,
  () => vitest('unit'),
  () => vitest('window'),
  () => vitest('parts'),
  () => vitest('containerd'),
)
const machines = await beside
// The specs mostly wait for a browser and an engine: what only reads the sources takes the time that they leave.
const [reading, specs] = await Promise.all([
  inTurn(
    () => tool('lint'),
    () => tool('imports'),
    () => tool('format', 'format:check'),
  ),
  playwright(),
])
const all = [agentBuild, first, machines, reading, specs]
const total = sum(all)

if (total.skipped.length > 0)
  console.log(`\nSkipped:\n${total.skipped.map((line) => `  - ${line}`).join('\n')}`)
if (total.failures.length > 0) {
  const told = total.failures.map(({ title, why }) => [`  - ${title}`, ...why.map((line) => `      ${line}`)])
  console.log(`\nFailed (logs, traces and screenshots are in test-results/):\n${told.flat().join('\n')}`)
}
const skipped = total.skipped.length > 0 ? `, ${total.skipped.length} skipped` : ''
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`)
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
