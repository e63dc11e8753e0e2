/**
 * What is asked of Hyper-V. Each script is a constant that takes one object of data, `$a`; each answers one
 * object. Enumerations are made text, for their numbers differ between versions.
 */

/** Fails where Hyper-V is not installed or this person may not use it. */
export const probeScript = `param($a)
$vmHost = Get-VMHost
$switch = Get-VMSwitch -Id $a.switchId -ErrorAction SilentlyContinue
@{ processors = $vmHost.LogicalProcessorCount; hasSwitch = ($null -ne $switch) }`

/** VMs have no unique names: whose it is, its notes tell. */
export const findScript = `param($a)
@{ vms = @(Get-VM -Name $a.name -ErrorAction SilentlyContinue | ForEach-Object { @{ id = [string]$_.Id; state = [string]$_.State; notes = [string]$_.Notes } }) }`

/**
 * A VM of generation 2 has UEFI, and no other way to start a kernel. The disks' places are what the guest
 * knows them by: 0 boots, 1 is the root, 2 the data. Dynamic memory starts with all of it and gives back
 * what the guest does not use. Checkpoints would put the disk into files that nobody of us knows.
 */
export const createScript = `param($a)
$switch = Get-VMSwitch -Id $a.switchId
$null = New-VHD -Path $a.rootDisk -ParentPath $a.rootImage -Differencing
$vm = New-VM -Name $a.name -Generation 2 -MemoryStartupBytes $a.memoryBytes -NoVHD -Path $a.folder -SwitchName $switch.Name
Set-VM -VM $vm -Notes $a.notes -CheckpointType Disabled -AutomaticCheckpointsEnabled $false -AutomaticStartAction Nothing -AutomaticStopAction ShutDown
Set-VMProcessor -VM $vm -Count $a.cpus
Set-VMMemory -VM $vm -DynamicMemoryEnabled $true -MinimumBytes $a.minimumBytes -StartupBytes $a.memoryBytes -MaximumBytes $a.memoryBytes
Set-VMComPort -VM $vm -Number 1 -Path $a.pipe
Add-VMHardDiskDrive -VM $vm -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 0 -Path $a.bootDisk
Add-VMHardDiskDrive -VM $vm -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 1 -Path $a.rootDisk
Add-VMHardDiskDrive -VM $vm -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 2 -Path $a.dataDisk
$boot = Get-VMHardDiskDrive -VM $vm -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 0
Set-VMFirmware -VM $vm -EnableSecureBoot Off -FirstBootDevice $boot
Start-VM -VM $vm
@{ id = [string]$vm.Id }`

export const startScript = `param($a)
$vm = Get-VM -Id $a.id
Start-VM -VM $vm`

/** `CPUUsage` is in percent of all of the host's processors. */
export const stateScript = `param($a)
$vm = Get-VM -Id $a.id
@{ state = [string]$vm.State; cpuPercent = $vm.CPUUsage; memoryBytes = $vm.MemoryAssigned }`

/**
 * As a job: Windows takes as long as the memory is big, and others have something to ask meanwhile. What it refuses,
 * it refuses at once.
 */
export const saveScript = `param($a)
$vm = Get-VM -Id $a.id
$job = Save-VM -VM $vm -AsJob
$null = Wait-Job -Job $job -Timeout 3
$null = Receive-Job -Job $job`

/** As a job: the cmdlet waits for the guest, up to five minutes, and we do that ourselves. */
export const pressButtonScript = `param($a)
$vm = Get-VM -Id $a.id
$job = Stop-VM -VM $vm -Force -AsJob
$null = Wait-Job -Job $job -Timeout 3
$null = Receive-Job -Job $job`

export const turnOffScript = `param($a)
$vm = Get-VM -Id $a.id
Stop-VM -VM $vm -TurnOff -Force`

/** Takes the VM and its saved state off Hyper-V's list. Its disks are files and stay. */
export const removeScript = `param($a)
$vm = Get-VM -Id $a.id
Remove-VM -VM $vm -Force`

/** What the guest's integration services say, and who answered to the card's address on the host's side. */
export const addressScript = `param($a)
$vm = Get-VM -Id $a.id
$card = Get-VMNetworkAdapter -VM $vm
@{ addresses = @($card.IPAddresses); mac = [string]$card.MacAddress }`

export const neighbourScript = `param($a)
@{ addresses = @(Get-NetNeighbor -LinkLayerAddress $a.mac -AddressFamily IPv4 -ErrorAction SilentlyContinue | ForEach-Object { [string]$_.IPAddress }) }`

/** The blocks that the guest has discarded; it does not look for others. */
export const shrinkScript = `param($a)
Optimize-VHD -Path $a.path -Mode Pretrimmed`

export const resizeScript = `param($a)
Resize-VHD -Path $a.path -SizeBytes $a.sizeBytes`
