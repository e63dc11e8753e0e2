/** What each cmdlet does to the world, and what it refuses as Hyper-V would. */
import { writeFileSync } from 'node:fs'
import { CmdletError, type Value } from './evaluate'
import type { FakeVm, World } from './world'

type Values = ReadonlyMap<string, Value>
type Effect = (world: World, values: Values) => Value[]

const defaultSwitch = 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444'
const words = (process.env['FAKE_HYPERV'] ?? '').split(' ')

/** How long a VM is on its way from one state to the next. */
const onTheWayMs = words.includes('slow') ? 1000 : 0

const failed = (message: string): CmdletError =>
  new CmdletError(message, 'InvalidOperation', 'OperationFailed')

/** The VM as it is by now, not as it was when the script got hold of it. */
function vmOf(world: World, values: Values): FakeVm {
  const vm = world.vm((values.get('vm') as FakeVm).Id)
  if (!vm) throw failed('The virtual machine is gone.')
  return vm
}

/** Changes a VM that is off; Hyper-V refuses it for one that runs. */
const change =
  (how: (vm: FakeVm, values: Values, world: World) => void): Effect =>
  (world, values) => {
    const vm = vmOf(world, values)
    if (vm.State !== 'Off') throw failed(`'${vm.Name}' failed to modify settings: it is ${vm.State}.`)
    how(vm, values, world)
    world.keep(vm)
    return []
  }

/** Hyper-V takes nothing for a VM that is on its way from one state to the next. */
function settled(vm: FakeVm): void {
  if (vm.turns) throw failed(`The operation cannot be performed while '${vm.Name}' is in its current state.`)
}

/** A disk belongs to one VM while that runs. */
const isUsed = (world: World, path: string): boolean =>
  world
    .vms()
    .some(({ State, disks }) => !['Off', 'Saved'].includes(State) && disks.some((disk) => disk.path === path))

/** Takes parameters over as they are. */
const settings = (vm: FakeVm, values: Values): void => {
  for (const [name, value] of values) if (name !== 'vm') vm.settings[settingNames[name] ?? name] = value
}
const settingNames: Record<string, string> = { count: 'Count', startupbytes: 'StartupBytes' }

export const effects: Readonly<Record<string, Effect>> = {
  'Get-VMHost': () => [{ LogicalProcessorCount: 4 }],
  'Get-VMSwitch': (_world, values) => {
    if (values.get('id') !== defaultSwitch || words.includes('no-switch'))
      throw new CmdletError(
        'Hyper-V was unable to find a virtual switch with that id.',
        'ObjectNotFound',
        'InvalidParameter,GetVMSwitch',
      )
    return [{ Id: defaultSwitch, Name: '기본 스위치' }]
  },
  'Get-VM': (world, values) => {
    const [id, name] = [values.get('id'), values.get('name')]
    const found = world.vms().filter((vm) => (id === undefined ? vm.Name === name : vm.Id === id))
    if (found.length > 0) return found
    throw new CmdletError(
      'Hyper-V was unable to find a virtual machine with that name or id.',
      'InvalidArgument',
      'InvalidParameter,Microsoft.HyperV.PowerShell.Commands.GetVM',
    )
  },
  'New-VM': (world, values) => {
    if (values.get('generation') !== 2) throw failed('the fake has generation 2 only')
    if (values.get('switchname') !== '기본 스위치') throw failed('There is no switch of that name.')
    if (words.includes('no-room')) throw failed('There is not enough space on the disk.')
    return [world.add(String(values.get('name')))]
  },
  'Set-VM': change((vm, values) => {
    if (values.has('notes')) vm.Notes = String(values.get('notes'))
    settings(vm, values)
  }),
  'Set-VMProcessor': change(settings),
  'Set-VMMemory': change((vm, values) => {
    const number = (name: string): number => Number(values.get(name))
    // Minimum, startup, maximum: in this order, and in steps of 2 MiB.
    if (number('minimumbytes') > number('startupbytes') || number('startupbytes') > number('maximumbytes'))
      throw failed(
        'The minimum amount of memory must be at most the startup memory, and that at most the maximum.',
      )
    if (number('startupbytes') % (2 * 1024 ** 2) !== 0) throw failed('Memory must be aligned to 2 MB.')
    settings(vm, values)
  }),
  'Set-VMComPort': change((vm, values) => {
    if (!/^\\\\\.\\pipe\\[^\\/]+$/.test(String(values.get('path'))))
      throw failed('The path is no named pipe.')
    if (values.get('number') !== 1 && values.get('number') !== 2) throw failed('COM ports are 1 and 2.')
    vm.settings['ComPort'] = values.get('path')
  }),
  'Add-VMHardDiskDrive': change((vm, values, world) => {
    const place = Number(values.get('controllerlocation'))
    const path = String(values.get('path'))
    if (!/\.vhdx?$/.test(path)) throw failed(`'${path}' is no virtual hard disk.`)
    if (!world.hasFile(path)) throw failed(`The system cannot find '${path}'.`)
    if (vm.disks.some((disk) => disk.place === place)) throw failed('A drive is attached there already.')
    vm.disks.push({ place, path })
  }),
  'Get-VMHardDiskDrive': (world, values) =>
    vmOf(world, values).disks.filter(({ place }) => place === values.get('controllerlocation')),
  'Set-VMFirmware': change((vm, values) => {
    vm.settings['SecureBoot'] = values.get('enablesecureboot')
    vm.settings['BootPlace'] = (values.get('firstbootdevice') as { place: number }).place
  }),
  'New-VHD': (world, values) => {
    const [path, parent] = [String(values.get('path')), String(values.get('parentpath'))]
    if (world.hasFile(path)) throw failed(`The file '${path}' exists.`)
    if (!world.hasFile(parent)) throw failed(`The system cannot find '${parent}'.`)
    writeFileSync(path, `child of ${parent}`)
    return [{ Path: path, ParentPath: parent }]
  },
  'Resize-VHD': (world, values) => {
    const path = String(values.get('path'))
    if (!world.hasFile(path)) throw failed(`The system cannot find '${path}'.`)
    writeFileSync(`${path}.resized`, String(values.get('sizebytes')))
    return []
  },
  'Optimize-VHD': (world, values) => {
    const path = String(values.get('path'))
    if (!world.hasFile(path)) throw failed(`The system cannot find '${path}'.`)
    if (isUsed(world, path)) throw failed('The process cannot access the file because it is being used.')
    writeFileSync(`${path}.optimized`, String(values.get('mode')))
    return []
  },
  'Start-VM': (world, values) => {
    const vm = vmOf(world, values)
    if (vm.State === 'Running') return []
    settled(vm)
    if (vm.disks.some(({ path }) => isUsed(world, path)))
      throw failed('The process cannot access the file because it is being used.')
    if (vm.settings['SecureBoot'] !== 'Off') throw failed('The loader is not signed for Secure Boot.')
    world.start(vm, onTheWayMs)
    return []
  },
  'Save-VM': (world, values) => {
    if (words.includes('no-room')) throw failed('There is not enough space on the disk.')
    const vm = vmOf(world, values)
    settled(vm)
    world.cut(vm, 'Saved', onTheWayMs)
    return values.get('asjob') === true ? [{ job: true }] : []
  },
  'Stop-VM': (world, values) => {
    const vm = vmOf(world, values)
    settled(vm)
    if (values.get('turnoff') === true) world.cut(vm, 'Off')
    else world.pressButton(vm)
    return values.get('asjob') === true ? [{ job: true }] : []
  },
  'Remove-VM': (world, values) => {
    const vm = vmOf(world, values)
    settled(vm)
    if (vm.State === 'Running') throw failed(`'${vm.Name}' cannot be removed while it runs.`)
    if (values.get('force') !== true)
      throw failed('PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.')
    world.remove(vm.Id)
    return []
  },
  'Get-VMNetworkAdapter': () => [
    {
      IPAddresses: words.includes('no-services') ? [] : ['172.20.0.9', 'fe80::1'],
      MacAddress: '00155D012345',
    },
  ],
  'Get-NetNeighbor': (_world, values) =>
    values.get('linklayeraddress') === '00-15-5D-01-23-45' ? [{ IPAddress: '172.20.0.7' }] : [],
  'Start-Process': () => [],
  'Wait-Job': () => [],
  'Receive-Job': () => [],
}
