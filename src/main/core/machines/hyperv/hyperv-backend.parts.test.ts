import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { command, endOf, HyperVLab, listen, never } from '../../../../../testing/fake-powershell/hyperv-lab'
import { hyperVBackend } from './hyperv-backend'
import { PowerShell } from './powershell'

let lab: HyperVLab
beforeEach(async () => void (lab = await HyperVLab.open()))
afterEach(() => lab.close())

test('a machine boots as a VM of generation 2 with its three disks at their places', async () => {
  const vm = await lab.start()
  await listen(vm).says('slipway: engine')
  const { settings, disks, Notes } = lab.only()
  expect(settings).toMatchObject({
    ...{ SecureBoot: 'Off', BootPlace: 0, Count: 3, StartupBytes: 2 ** 31, minimumbytes: 2 ** 29 },
    ...{ checkpointtype: 'Disabled', automaticcheckpointsenabled: false, automaticstopaction: 'ShutDown' },
  })
  const own = join(lab.spec.files.dir, 'hyperv')
  expect(disks.map(({ path }) => path)).toEqual([
    join(own, 'boot.vhdx'),
    join(own, 'root.vhdx'),
    lab.spec.dataDisk.path,
  ])
  expect(readFileSync(join(own, 'root.vhdx'), 'utf8')).toBe(`child of ${lab.spec.image.root}.vhdx`)
  expect(Notes).toContain(lab.spec.dataDisk.path)
  expect(
    readFileSync(join(own, 'boot.vhdx')).includes('slipway.root=lun:1 slipway.data=lun:2 slipway.net=dhcp'),
  ).toBe(true)
})

test('what Hyper-V is told, from a cold boot to the power button', async () => {
  const vm = await lab.start()
  await listen(vm).says('slipway: engine')
  const end = endOf(vm)
  await vm.pressPowerButton(never)
  await end
  const calls = readFileSync(join(lab.world.folder, 'calls.log'), 'utf8')
  const plain = calls.replaceAll(lab.folder, '').replace(/slipway-com-[0-9a-f]{16}/, 'slipway-com-HASH')
  // How often the state is asked for is a matter of time.
  const lines = plain.split('\n').filter((line) => !line.startsWith('Get-VM -id'))
  expect(lines.join('\n').replaceAll(/"[0-9a-f-]{36}"/g, '"ID"')).toMatchInlineSnapshot(`
    "Get-VM -name "slipway-m1" -erroraction "SilentlyContinue"
    Get-VMSwitch -id "ID"
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
  const vm = await lab.start()
  await listen(vm).says('slipway: engine')
  expect(await vm.sshAddress(never)).toEqual({ host: '172.20.0.5', port: 22 })
  expect(await vm.isAlive(never)).toBe(true)
  expect((await vm.usage(never)).memoryBytes).toBe(2 ** 31)
  expect((await vm.usage(never)).cpuMs).toBeGreaterThan(0)
})

test('a guest that says no address is found by its services, or by its card among the neighbours', async () => {
  process.env['FAKE_GUEST'] = 'mute'
  expect((await (await lab.start()).sshAddress(never)).host).toBe('172.20.0.9')
  await Promise.all(lab.open.map((vm) => vm.kill()))
  lab.open = []
  expect((await (await lab.start(lab.backend('no-services'))).sshAddress(never)).host).toBe('172.20.0.7')
})

test('the power button ends it in order, and Hyper-V keeps nothing of it', async () => {
  const vm = await lab.start()
  await listen(vm).says('slipway: engine')
  const end = endOf(vm)
  await vm.pressPowerButton(never)
  expect(await end).toEqual({ code: 0 })
  expect(lab.world.vms()).toEqual([])
  expect(existsSync(lab.spec.dataDisk.path)).toBe(true)
})

test('a deaf guest goes on until the plug is pulled', async () => {
  process.env['FAKE_GUEST'] = 'deaf'
  const vm = await lab.start()
  const console = listen(vm)
  await console.says('slipway: engine')
  await vm.pressPowerButton(never)
  await console.says('the button was pressed')
  expect(await vm.isAlive(never)).toBe(true)
  const end = endOf(vm)
  await vm.kill()
  expect(await end).toEqual({ code: 0 })
})

test('another core adopts the running machine; a VM of the same name on another disk is not ours', async () => {
  const first = await lab.start()
  await listen(first).says('slipway: engine')
  first.release()
  const stranger = { ...lab.spec, dataDisk: { path: join(lab.folder, 'other.vhdx'), sizeBytes: 1 } }
  expect(await lab.backend().adopt(stranger, never)).toBeUndefined()
  const second = await lab.backend().adopt(lab.spec, never)
  if (!second) throw new Error('not adopted')
  lab.open = [second]
  expect(listen(second).text()).toContain('slipway: engine')
  expect((await second.sshAddress(never)).host).toBe('172.20.0.5')
  const end = endOf(second)
  await second.pressPowerButton(never)
  expect((await end).code).toBe(0)
})

test('a machine that runs is never started a second time, and a start that fails leaves nothing', async () => {
  await listen(await lab.start()).says('slipway: init')
  await expect(lab.backend().start(lab.spec, never)).rejects.toMatchObject({ code: 'machine.disk-in-use' })
  expect(lab.world.vms()).toHaveLength(1)
  await Promise.all(lab.open.map((vm) => vm.kill()))
  lab.open = []
  rmSync(lab.spec.dataDisk.path)
  await expect(lab.backend().start(lab.spec, never)).rejects.toThrow(/cannot find/)
  expect(lab.world.vms()).toEqual([])
})

test('a data disk is made, left alone, and made longer', async () => {
  const { disk } = lab.backend()
  const path = join(lab.folder, 'new', 'data.vhdx')
  expect(await disk?.prepare(path, 2 ** 30, never)).toBe('made')
  expect(await disk?.prepare(path, 2 ** 20, never)).toBe('there')
  expect(await disk?.prepare(path, 2 ** 31, never)).toBe('grown')
  expect(readFileSync(`${path}.resized`, 'utf8')).toBe(String(2 ** 31))
  expect(await (await lab.start()).growDisk(2 ** 31, never)).toBe('now')
})

test('it is offered where it works, and says what mends it where it does not', async () => {
  expect(await lab.backend().probe(never)).toMatchObject({ isAvailable: true, canSuspend: true })
  const forbidden = await lab.backend('forbidden').probe(never)
  expect(forbidden).toMatchObject({ isAvailable: false, canSuspend: false })
  expect(forbidden.reason).toContain('Hyper-V Administrators')
  expect(forbidden.mend).toContain('Add-LocalGroupMember -SID S-1-5-32-578')
  const absent = await lab.backend('absent').probe(never)
  expect(absent.mend).toContain('Enable-WindowsOptionalFeature')
  expect((await lab.backend('no-switch').probe(never)).reason).toContain('Default Switch')
  // What a person is to paste is PowerShell, and says who they are whatever they are called.
  const shell = new PowerShell({ command, env: lab.env('') })
  for (const { mend = '' } of [forbidden, absent]) await shell.run(`param($a)\n${mend}`, {})
  shell.close()
  const calls = readFileSync(join(lab.world.folder, 'calls.log'), 'utf8').split('\n')
  expect(calls.filter((call) => call.startsWith('Start-Process'))).toEqual([
    'Start-Process -filepath "powershell" -verb "RunAs" -argumentlist "-Command Add-LocalGroupMember -SID S-1-5-32-578 -Member S-1-5-21-1-2-3-1001"',
    'Start-Process -filepath "powershell" -verb "RunAs" -argumentlist "-Command Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V -All"',
  ])
  expect((await hyperVBackend({ platform: 'darwin' }).probe(never)).reason).toContain('Windows only')
})

test('the disk becomes smaller some time after the machine was shut down, and not before', async () => {
  const vm = await lab.start(lab.backend('', { shrinkAfterMs: 50 }))
  await listen(vm).says('slipway: engine')
  const optimized = `${lab.spec.dataDisk.path}.optimized`
  expect(existsSync(optimized)).toBe(false)
  const end = endOf(vm)
  await vm.pressPowerButton(never)
  await end
  await expect.poll(() => existsSync(optimized)).toBe(true)
})
