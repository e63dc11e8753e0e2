import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pathsOf } from '../../platform/paths'
import { waitFor } from '../../platform/wait-for'
import type { RunningVm, VmSpec } from '../vm/backend'
import { hyperKitBackend } from './hyperkit-backend'
import { processFacts } from './process-identity'

const fakes = join(import.meta.dirname, '../../../../../testing/fake-hyperkit')
const never = new AbortController().signal
const mac = { platform: 'darwin', arch: 'x64', folders: [fakes] } as const
const backend = hyperKitBackend(mac)

let folder: string
let spec: VmSpec
let open: RunningVm[]

beforeEach(() => {
  folder = mkdtempSync('/tmp/slipway-hk-')
  open = []
  const files = pathsOf(folder, { env: {}, platform: 'darwin' }).machine('m1')
  const put = (name: string, bytes: Buffer): string => {
    writeFileSync(join(folder, name), bytes)
    return join(folder, name)
  }
  mkdirSync(files.run, { recursive: true })
  mkdirSync(files.dir, { recursive: true })
  spec = {
    name: 'slipway-m1',
    runDir: files.run,
    files,
    cpus: 2,
    memoryMiB: 1024,
    image: {
      id: 'abc',
      kernel: put('vmlinuz', Buffer.from('kernel')),
      initrd: put('initrd.img', Buffer.from('first')),
      root: put('root.erofs', Buffer.alloc(4096)),
    },
    configCpio: put('config.cpio', Buffer.from('second')),
    dataDisk: { path: put('data.raw', Buffer.alloc(4096)), sizeBytes: 4096 },
  }
})

afterEach(async () => {
  await Promise.all(open.map((vm) => vm.kill()))
  delete process.env['FAKE_HYPERKIT']
  rmSync(folder, { recursive: true, force: true })
})

async function start(): Promise<RunningVm> {
  const vm = await backend.start(spec, never)
  open.push(vm)
  return vm
}

function listen(vm: RunningVm): { text: () => string; says: (words: string) => Promise<boolean> } {
  const said: Uint8Array[] = []
  vm.onConsole((bytes) => said.push(bytes))
  const text = (): string => Buffer.concat(said).toString('utf8')
  return { text, says: (words) => waitFor(() => text().includes(words), { timeoutMs: 20_000, what: words }) }
}

const endOf = (vm: RunningVm): Promise<{ code: number | null; reason?: string }> =>
  new Promise((resolve) => vm.onExit(resolve))

test('a machine boots, is heard, and is reached over vsock', async () => {
  const vm = await start()
  await listen(vm).says('slipway: engine')
  expect(readFileSync(spec.files.console, 'utf8')).toContain('fake guest: 2 cpus, 1024 MiB')
  // One archive behind the other, the first filled up to four bytes.
  expect(readFileSync(join(spec.runDir, 'initrd.img'), 'latin1')).toBe('first\0\0\0second')
  const { host, port } = await vm.sshAddress(never)
  const socket = connect({ host, port, allowHalfOpen: true })
  const heard: Buffer[] = []
  socket.on('data', (bytes: Buffer) => heard.push(bytes)).end('hello')
  await new Promise((resolve) => socket.on('end', resolve))
  expect(Buffer.concat(heard).toString()).toBe('SSH-2.0-fake\r\nhello')
  expect(await vm.isAlive(never)).toBe(true)
  expect((await vm.usage(never)).memoryBytes).toBeGreaterThan(1024 * 1024)
})

test('the power button ends a guest in order, and nothing stays behind', async () => {
  const vm = await start()
  await listen(vm).says('slipway: engine')
  const network = JSON.parse(readFileSync(join(spec.runDir, 'hyperkit.json'), 'utf8')) as {
    vpnkit: { pid: number }
  }
  const end = endOf(vm)
  await vm.pressPowerButton(never)
  expect(await end).toEqual({ code: 0 })
  expect(existsSync(spec.files.pid)).toBe(false)
  const isGone = async (): Promise<boolean> => !(await processFacts(network.vpnkit.pid))?.isRunning
  await waitFor(isGone, { timeoutMs: 10_000, what: 'the end of vpnkit' })
})

test('a deaf guest is killed, and its end is told once', async () => {
  process.env['FAKE_HYPERKIT'] = 'deaf'
  const vm = await start()
  await listen(vm).says('slipway: engine')
  let ends = 0
  vm.onExit(() => ends++)
  await vm.pressPowerButton(never)
  expect(await vm.isAlive(never)).toBe(true)
  await vm.kill()
  await endOf(vm)
  expect(ends).toBe(1)
  expect(await vm.isAlive(never)).toBe(false)
})

test('a guest that restarts itself ends with a reason', async () => {
  process.env['FAKE_HYPERKIT'] = 'restarts'
  const vm = await start()
  await listen(vm).says('slipway: engine')
  await vm.pressPowerButton(never)
  expect(await endOf(vm)).toMatchObject({
    code: 2,
    reason: expect.stringContaining('restarted itself') as string,
  })
})

test('another core adopts the machine, hears it and ends it', async () => {
  process.env['FAKE_HYPERKIT'] = 'deaf'
  const first = await start()
  await listen(first).says('slipway: engine')
  first.release()
  const second = await backend.adopt(spec, never)
  if (!second) throw new Error('not adopted')
  expect(second.pid).toBe(first.pid)
  const console = listen(second)
  // What was said before it came.
  expect(console.text()).toContain('slipway: engine')
  const end = endOf(second)
  await second.pressPowerButton(never)
  await console.says('the button was pressed')
  await second.kill()
  expect((await end).code).toBe(null)
  expect(await backend.adopt(spec, never)).toBeUndefined()
})

test('two machines never share a disk: the second start says who is in the way', async () => {
  const vm = await start()
  const other = { ...spec, runDir: join(folder, 'o'), files: { ...spec.files, pid: join(folder, 'o.pid') } }
  mkdirSync(other.runDir)
  await expect(backend.start(other, never)).rejects.toMatchObject({ code: 'machine.disk-in-use' })
  expect(await vm.isAlive(never)).toBe(true)
})

test('a machine whose HyperKit was killed starts again over its left-overs', async () => {
  const vm = await start()
  vm.release()
  process.kill(vm.pid as number, 'SIGKILL')
  await waitFor(async () => !(await vm.isAlive(never)), { timeoutMs: 10_000, what: 'its end' })
  // flock ends with its process; the fake's stand-in does not.
  rmSync(`${spec.dataDisk.path}.lock`)
  expect(existsSync(spec.files.pid)).toBe(true)
  expect(await backend.adopt(spec, never)).toBeUndefined()
  await listen(await start()).says('slipway: engine')
})

test('a longer disk counts from the next start; a state is never saved', async () => {
  const vm = await start()
  expect(await vm.growDisk(8192, never)).toBe('next-start')
  expect(statSync(spec.dataDisk.path).size).toBe(8192)
  await expect(vm.suspend('/s', never)).rejects.toMatchObject({ code: 'machine.suspend-failed' })
})

test('it is offered where it works, and says why where it does not', async () => {
  expect(await backend.probe(never)).toEqual({
    isAvailable: true,
    version: 'v0.20210107',
    accelerator: { name: 'hvf', isEmulated: false },
    canSuspend: false,
  })
  const probe = (more: object) => hyperKitBackend({ ...mac, ...more }).probe(never)
  expect((await probe({ platform: 'linux' })).reason).toContain('macOS only')
  expect((await probe({ arch: 'arm64' })).reason).toContain('Intel')
  expect(await probe({ folders: [] })).toMatchObject({
    isAvailable: false,
    reason: 'HyperKit is not installed',
  })
  process.env['FAKE_HV_SUPPORT'] = '0'
  expect((await probe({}).finally(() => delete process.env['FAKE_HV_SUPPORT'])).reason).toContain(
    'kern.hv_support',
  )
})
