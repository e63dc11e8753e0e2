/**
 * Parameters of the cmdlets that Slipway uses, as Microsoft's reference of the Hyper-V module (Windows Server
 * 2022) has them: each set in a line of its own, `*` for the ones it needs, `=` for those with a value.
 */
const vmCommon = '-AsJob -Passthru -WhatIf -Confirm'
const remote = '-CimSession= -ComputerName= -Credential='

export const cmdlets: Readonly<Record<string, readonly string[]>> = {
  'Get-VMHost': ['-ComputerName= -Credential='],
  'Get-VMSwitch': [
    `-Name= -ResourcePoolName= -SwitchType= ${remote}`,
    `*-Id= -ResourcePoolName= -SwitchType= ${remote}`,
  ],
  'Get-VM': [`-Name= ${remote}`, `*-Id= ${remote}`],
  'New-VM': [
    `-Name= -MemoryStartupBytes= -BootDevice= -NoVHD -SwitchName= -Path= -Version= -Generation= -Force ${vmCommon} ${remote}`,
    `-Name= -MemoryStartupBytes= -SwitchName= *-NewVHDPath= *-NewVHDSizeBytes= -Path= -Generation= -Force ${vmCommon} ${remote}`,
    `-Name= -MemoryStartupBytes= -SwitchName= *-VHDPath= -Path= -Generation= -Force ${vmCommon} ${remote}`,
  ],
  'Set-VM': [
    '*-VM= -ProcessorCount= -DynamicMemory -StaticMemory -MemoryMinimumBytes= -MemoryMaximumBytes= -MemoryStartupBytes= -AutomaticStartAction= -AutomaticStopAction= -AutomaticStartDelay= -AutomaticCriticalErrorAction= -AutomaticCheckpointsEnabled= -LockOnDisconnect= -Notes= -NewVMName= -SnapshotFileLocation= -SmartPagingFilePath= -CheckpointType= -Passthru -AllowUnverifiedPaths -WhatIf -Confirm',
  ],
  'Set-VMProcessor': [
    '*-VM= -Count= -CompatibilityForMigrationEnabled= -HwThreadCountPerCore= -Maximum= -Reserve= -RelativeWeight= -ExposeVirtualizationExtensions= -Passthru -WhatIf -Confirm',
  ],
  'Set-VMMemory': [
    '*-VM= -Buffer= -DynamicMemoryEnabled= -MaximumBytes= -StartupBytes= -MinimumBytes= -Priority= -Passthru -WhatIf -Confirm',
  ],
  'Set-VMComPort': ['*-VM= *-Number= -Path= -DebuggerMode= -Passthru -WhatIf -Confirm'],
  'Add-VMHardDiskDrive': [
    '*-VM= -ControllerType= -ControllerNumber= -ControllerLocation= -Path= -DiskNumber= -AllowUnverifiedPaths -MaximumIOPS= -MinimumIOPS= -Passthru -WhatIf -Confirm',
  ],
  'Get-VMHardDiskDrive': ['*-VM= -ControllerLocation= -ControllerNumber= -ControllerType='],
  'Set-VMFirmware': [
    '*-VM= -BootOrder= -FirstBootDevice= -EnableSecureBoot= -SecureBootTemplate= -ConsoleMode= -PauseAfterBootFailure= -Passthru -WhatIf -Confirm',
  ],
  'New-VHD': [
    `*-Path= *-SizeBytes= -Dynamic -BlockSizeBytes= -LogicalSectorSizeBytes= -PhysicalSectorSizeBytes= -AsJob -WhatIf -Confirm ${remote}`,
    `*-Path= *-ParentPath= -SizeBytes= -Differencing -BlockSizeBytes= -PhysicalSectorSizeBytes= -AsJob -WhatIf -Confirm ${remote}`,
  ],
  'Resize-VHD': [
    `*-Path= *-SizeBytes= ${vmCommon} ${remote}`,
    `*-Path= *-ToMinimumSize ${vmCommon} ${remote}`,
  ],
  'Optimize-VHD': [`*-Path= -Mode= ${vmCommon} ${remote}`],
  'Start-VM': [`*-VM= ${vmCommon}`, `*-Name= ${vmCommon} ${remote}`],
  'Save-VM': [`*-VM= ${vmCommon}`, `*-Name= ${vmCommon} ${remote}`],
  'Stop-VM': [
    `*-VM= -Save -TurnOff -Force ${vmCommon}`,
    `*-Name= -Save -TurnOff -Force ${vmCommon} ${remote}`,
  ],
  'Remove-VM': [`*-VM= -Force ${vmCommon}`, `*-Name= -Force ${vmCommon} ${remote}`],
  'Get-VMNetworkAdapter': ['*-VM= -Name= -IsLegacy='],
  'Get-NetNeighbor': [
    '-IPAddress= -InterfaceIndex= -InterfaceAlias= -LinkLayerAddress= -State= -AddressFamily= -PolicyStore= -ThrottleLimit= -AsJob',
  ],
  'Start-Process': [
    '*-FilePath= -ArgumentList= -Credential= -WorkingDirectory= -LoadUserProfile -NoNewWindow -PassThru -Wait -WindowStyle= -UseNewEnvironment',
    '*-FilePath= -ArgumentList= -WorkingDirectory= -PassThru -Verb= -Wait -WindowStyle=',
  ],
  'Wait-Job': ['*-Job= -Any -Timeout= -Force'],
  'Receive-Job': ['*-Job= -Location= -Keep -NoRecurse -Wait -AutoRemoveJob'],
}

/** The values that the reference lists for a parameter. */
export const accepted: Readonly<Record<string, readonly string[]>> = {
  AutomaticStartAction: ['Nothing', 'StartIfRunning', 'Start'],
  AutomaticStopAction: ['TurnOff', 'Save', 'ShutDown'],
  CheckpointType: ['Disabled', 'Production', 'ProductionOnly', 'Standard'],
  ControllerType: ['IDE', 'SCSI', 'PMEM'],
  EnableSecureBoot: ['On', 'Off'],
  Mode: ['Full', 'Quick', 'Retrim', 'Pretrimmed', 'Prezeroed'],
  AddressFamily: ['IPv4', 'IPv6'],
  Verb: ['Open', 'RunAs'],
  ErrorAction: ['SilentlyContinue', 'Stop', 'Continue', 'Ignore'],
}

/** `null` where a set does not take these parameters; else what it still needs. */
export function missingOf(set: string, given: ReadonlySet<string>): string[] | null {
  const known = new Map(set.split(' ').map((one) => [one.replace(/[*=-]/g, '').toLowerCase(), one]))
  for (const name of given) if (!known.has(name) && name !== 'erroraction') return null
  return [...known].filter(([name, one]) => one.startsWith('*') && !given.has(name)).map(([, one]) => one)
}

export const isParameter = (cmdlet: string, parameter: string): boolean =>
  parameter === 'erroraction' ||
  (cmdlets[cmdlet] ?? []).some((set) =>
    set
      .toLowerCase()
      .split(' ')
      .some((one) => one.replace(/[*=-]/g, '') === parameter),
  )

export const takesValue = (cmdlet: string, parameter: string): boolean =>
  parameter === 'erroraction' ||
  (cmdlets[cmdlet] ?? []).some((set) =>
    set
      .toLowerCase()
      .split(' ')
      .some((one) => one.replace('*', '') === `-${parameter}=`),
  )
