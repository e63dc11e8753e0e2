import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { World, pipeSocket, type FakeVm } from '../../../../../testing/fake-powershell/world'
import { pathsOf } from '../../platform/paths'
import { waitFor } from '../../platform/wait-for'
import type { RunningVm, VmSpec } from '../vm/backend'
import { createVhdx } from './disk/vhdx'
import { hyperVBackend } from './hyperv-backend'

const command = join(import.meta.dirname, '../../../../../testing/fake-powershell/powershell')
const never = new AbortController().signal
let folder: string
let world: World
let spec: VmSpec
let open: RunningVm[]

beforeEach(async () => {
  folder = mkdtempSync('/tmp/slipway-hv-')
  world = new World(join(folder, 'world'))
  open = []
  const files = pathsOf(folder, { env: {}, platform: 'linux' }).machine('m1')
  mkdirSync(files.dir, { recursive: true })
  const put = (name: string): string => {
    writeFileSync(join(folder, name), Buffer.alloc(4096, name))
    return join(folder, name)
  }
  put('bootloader.efi')
  const dataDisk = { path: join(folder, '데이터.vhdx'), sizeBytes: 2 ** 30 }
  await createVhdx(dataDisk.path, dataDisk.sizeBytes)
  spec = {
    ...{ name: 'slipway-m1', runDir: files.run, files, cpus: 3, memoryMiB: 2048, dataDisk },
    image: { id: 'abc', kernel: put('vmlinuz'), initrd: put('initrd.img'), root: put('root.erofs') },
    configCpio: put('config.cpio'),
  }
})

afterEach(async () => {
  delete process.env['FAKE_GUEST']
  await Promise.all(open.map((vm) => vm.kill()))
  rmSync(folder, { recursive: true, force: true })
})

function backend(mood = '') {
  const env = { ...process.env, FAKE_HYPERV: mood, FAKE_HYPERV_DIR: world.folder }
  const pipePath = (name: string): string => pipeSocket(world.folder, name)
  return hyperVBackend({
    platform: 'win32',
    arch: 'x64',
    powerShell: { command, env, idleMs: 500 },
    pipePath,
  })
}

async function start(one = backend(), of = spec): Promise<RunningVm> {
  const vm = await one.start(of, never)
  open.push(vm)
  return vm
}

function listen(vm: RunningVm): { text: () => string; says: (words: string) => Promise<boolean> } {
  const said: Uint8Array[] = []
  vm.onConsole((bytes) => said.push(bytes))
  const text = (): string => Buffer.concat(said).toString('utf8')
  return { text, says: (words) => waitFor(() => text().includes(words), { timeoutMs: 30_000, what: words }) }
}

const endOf = (vm: RunningVm): Promise<{ code: number | null; reason?: string }> =>
  new Promise((resolve) => vm.onExit(resolve))
const only = (): FakeVm => world.vms()[0] as FakeVm

test('a machine boots as a VM of generation 2 with its three disks at their places', async () => {
  const vm = await start()
  await listen(vm).says('slipway: engine')
  const { settings, disks, Notes } = only()
  expect(settings).toMatchObject({
    ...{ SecureBoot: 'Off', BootPlace: 0, Count: 3, StartupBytes: 2 ** 31, minimumbytes: 2 ** 29 },
    ...{ checkpointtype: 'Disabled', automaticcheckpointsenabled: false, automaticstopaction: 'ShutDown' },
  })
  const own = join(spec.files.dir, 'hyperv')
  expect(disks.map(({ path }) => path)).toEqual([
    join(own, 'boot.vhdx'),
    join(own, 'root.vhdx'),
    spec.dataDisk.path,
  ])
  expect(readFileSync(join(own, 'root.vhdx'), 'utf8')).toBe(`child of ${spec.image.root}.vhdx`)
  expect(Notes).toContain(spec.dataDisk.path)
  expect(
    readFileSync(join(own, 'boot.vhdx')).includes('slipway.root=lun:1 slipway.data=lun:2 slipway.net=dhcp'),
  ).toBe(true)
})

test('what Hyper-V is told, from a cold boot to the power button', async () => {
  const vm = await start()
  await listen(vm).says('slipway: engine')
  const end = endOf(vm)
  await vm.pressPowerButton(never)
  await end
  const calls = readFileSync(join(world.folder, 'calls.log'), 'utf8')
  const plain = calls.replaceAll(folder, '').replace(/slipway-com-[0-9a-f]{16}/, 'slipway-com-HASH')
  // How often the state is asked for is a matter of time.
  const lines = plain.split('\n').filter((line) => !line.startsWith('Get-VM -id'))
  expect(lines.join('\n').replaceAll(/"[0-9a-f-]{36}"/g, '"ID"')).toMatchInlineSnapshot(`
    "Get-VM -name "slipway-m1" -erroraction "SilentlyContinue"
    Get-VMSwitch -id "ID"
    Optimize-VHD -path "/데이터.vhdx" -mode "Pretrimmed"
    New-VHD -path "/machines/m1/hyperv/root.vhdx" -parentpath "/root.erofs.vhdx" -differencing
    New-VM -name "slipway-m1" -generation 2 -memorystartupbytes 2147483648 -novhd -path "/machines/m1/hyperv" -switchname "기본 스위치"
    Set-VM -vm <slipway-m1> -notes "Slipway machine. Its disk: /데이터.vhdx" -checkpointtype "Disabled" -automaticcheckpointsenabled false -automaticstartaction "Nothing" -automaticstopaction "ShutDown"
    Set-VMProcessor -vm <slipway-m1> -count 3
    Set-VMMemory -vm <slipway-m1> -dynamicmemoryenabled -minimumbytes 536870912 -startupbytes 2147483648 -maximumbytes 2147483648
    Set-VMComPort -vm <slipway-m1> -number 1 -path "\\\\\\\\.\\\\pipe\\\\slipway-com-HASH"
    Add-VMHardDiskDrive -vm <slipway-m1> -controllertype "SCSI" -controllernumber 0 -controllerlocation 0 -path "/machines/m1/hyperv/boot.vhdx"
    Add-VMHardDiskDrive -vm <slipway-m1> -controllertype "SCSI" -controllernumber 0 -controllerlocation 1 -path "/machines/m1/hyperv/root.vhdx"
    Add-VMHardDiskDrive -vm <slipway-m1> -controllertype "SCSI" -controllernumber 0 -controllerlocation 2 -path "/데이터.vhdx"
    Get-VMHardDiskDrive -vm <slipway-m1> -controllertype "SCSI" -controllernumber 0 -controllerlocation 0
    Set-VMFirmware -vm <slipway-m1> -enablesecureboot "Off" -firstbootdevice </machines/m1/hyperv/boot.vhdx>
    Start-VM -vm <slipway-m1>
    Stop-VM -vm <slipway-m1> -force -asjob
    Wait-Job -job <object> -timeout 3
    Receive-Job -job <object>
    Remove-VM -vm <slipway-m1> -force
    "
  `)
})

test('the guest is reached at the address that it says', async () => {
  const vm = await start()
  await listen(vm).says('slipway: engine')
  expect(await vm.sshAddress(never)).toEqual({ host: '172.20.0.5', port: 22 })
  expect(await vm.isAlive(never)).toBe(true)
  expect((await vm.usage(never)).memoryBytes).toBe(2 ** 31)
  expect((await vm.usage(never)).cpuMs).toBeGreaterThan(0)
})

test('a guest that says no address is found by its services, or by its card among the neighbours', async () => {
  process.env['FAKE_GUEST'] = 'mute'
  expect((await (await start()).sshAddress(never)).host).toBe('172.20.0.9')
  await Promise.all(open.map((vm) => vm.kill()))
  open = []
  expect((await (await start(backend('no-services'))).sshAddress(never)).host).toBe('172.20.0.7')
})

test('the power button ends it in order, and Hyper-V keeps nothing of it', async () => {
  const vm = await start()
  await listen(vm).says('slipway: engine')
  const end = endOf(vm)
  await vm.pressPowerButton(never)
  expect(await end).toEqual({ code: 0 })
  expect(world.vms()).toEqual([])
  expect(existsSync(spec.dataDisk.path)).toBe(true)
})

test('a deaf guest goes on until the plug is pulled', async () => {
  process.env['FAKE_GUEST'] = 'deaf'
  const vm = await start()
  const console = listen(vm)
  await console.says('slipway: engine')
  await vm.pressPowerButton(never)
  await console.says('the button was pressed')
  expect(await vm.isAlive(never)).toBe(true)
  const end = endOf(vm)
  await vm.kill()
  expect(await end).toEqual({ code: 0 })
})

test('a suspended machine goes on where it was, at the address that it had', async () => {
  const vm = await start()
  await listen(vm).says('slipway: engine')
  const end = endOf(vm)
  const saved = await vm.suspend(spec.files.state, never)
  expect(await end).toEqual({ code: 0 })
  expect(only().State).toBe('Saved')
  const again = await start(backend(), { ...spec, resumeFrom: saved })
  await again.load(never)
  expect(only().State).toBe('Saved')
  await again.resumed(never)
  await listen(again).says('fake guest: goes on')
  expect(await again.sshAddress(never)).toEqual({ host: '172.20.0.5', port: 22 })
})

test('a saved state that is dropped is never used: the next boot is cold', async () => {
  const vm = await start()
  await listen(vm).says('slipway: engine')
  const saved = await vm.suspend(spec.files.state, never)
  await backend().forget?.(spec, never)
  expect(world.vms()).toEqual([])
  await expect(start(backend(), { ...spec, resumeFrom: saved })).rejects.toMatchObject({
    code: 'machine.start-failed',
  })
  await listen(await start()).says('slipway: init')
})

test('a state that cannot be saved harms nothing', async () => {
  const vm = await start()
  const console = listen(vm)
  await console.says('slipway: engine')
  vm.release()
  const adopted = await backend('no-room').adopt(spec, never)
  if (!adopted) throw new Error('not adopted')
  open = [adopted]
  await expect(adopted.suspend(spec.files.state, never)).rejects.toMatchObject({
    code: 'machine.suspend-failed',
  })
  expect(await adopted.isAlive(never)).toBe(true)
  expect(existsSync(spec.files.state)).toBe(false)
})

test('another core adopts the running machine; a VM of the same name on another disk is not ours', async () => {
  const first = await start()
  await listen(first).says('slipway: engine')
  first.release()
  const stranger = { ...spec, dataDisk: { path: join(folder, 'other.vhdx'), sizeBytes: 1 } }
  expect(await backend().adopt(stranger, never)).toBeUndefined()
  const second = await backend().adopt(spec, never)
  if (!second) throw new Error('not adopted')
  open = [second]
  expect(listen(second).text()).toContain('slipway: engine')
  expect((await second.sshAddress(never)).host).toBe('172.20.0.5')
  const end = endOf(second)
  await second.pressPowerButton(never)
  expect((await end).code).toBe(0)
})

test('a machine that runs is never started a second time, and a start that fails leaves nothing', async () => {
  await listen(await start()).says('slipway: init')
  await expect(backend().start(spec, never)).rejects.toMatchObject({ code: 'machine.disk-in-use' })
  expect(world.vms()).toHaveLength(1)
  await Promise.all(open.map((vm) => vm.kill()))
  open = []
  rmSync(spec.dataDisk.path)
  await expect(backend().start(spec, never)).rejects.toThrow(/cannot find/)
  expect(world.vms()).toEqual([])
})

test('a data disk is made, left alone, and made longer', async () => {
  const { disk } = backend()
  const path = join(folder, 'new', 'data.vhdx')
  expect(await disk?.prepare(path, 2 ** 30, never)).toBe('made')
  expect(await disk?.prepare(path, 2 ** 20, never)).toBe('there')
  expect(await disk?.prepare(path, 2 ** 31, never)).toBe('grown')
  expect(readFileSync(`${path}.resized`, 'utf8')).toBe(String(2 ** 31))
  expect(await (await start()).growDisk(2 ** 31, never)).toBe('now')
})

test('it is offered where it works, and says what mends it where it does not', async () => {
  expect(await backend().probe(never)).toMatchObject({ isAvailable: true, canSuspend: true })
  const forbidden = await backend('forbidden').probe(never)
  expect(forbidden).toMatchObject({ isAvailable: false, canSuspend: false })
  expect(forbidden.reason).toContain('Hyper-V Administrators')
  expect(forbidden.mend).toContain('Add-LocalGroupMember -SID S-1-5-32-578')
  const absent = await backend('absent').probe(never)
  expect(absent.mend).toContain('Enable-WindowsOptionalFeature')
  expect((await backend('no-switch').probe(never)).reason).toContain('Default Switch')
  expect((await hyperVBackend({ platform: 'darwin' }).probe(never)).reason).toContain('Windows only')
})
