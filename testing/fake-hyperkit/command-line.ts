/** Reads arguments as HyperKit does (`src/hyperkit.c`): what it would refuse is refused here in its words. */

export interface HyperKitCommand {
  readonly pidFile?: string
  readonly cpus: number
  readonly memoryMiB: number
  readonly hasAcpi: boolean
  readonly slots: ReadonlyMap<number, PciDevice>
  readonly serial?: SerialPort
  readonly kernel: string
  readonly initrd?: string
  readonly commandLine: string
}

export interface PciDevice {
  readonly driver: string
  readonly options: readonly string[]
}

export interface SerialPort {
  readonly autopty?: string
  readonly log?: string
}

/** What HyperKit writes to stderr, and the code that it ends with. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message)
  }
}

// getopt's own string. `-Y` wants an argument there, whatever the help says.
const optionLetters = 'behvuwxMACHPWY:f:F:g:c:s:m:l:U:'
const drivers = new Set([
  ...['ahci-hd', 'ahci-cd', 'dummy', 'amd_hostbridge', 'hostbridge', 'lpc', 'uart', 'virtio-9p'],
  ...['virtio-blk', 'virtio-tap', 'virtio-net', 'virtio-vpnkit', 'virtio-rnd', 'virtio-sock'],
])

export const usage = `Usage: hyperkit [-behuwxMACHPWY] [-c vcpus] [-F <pidfile>] [-g <gdb port>] [-l <lpc>]
                [-m mem] [-p vcpu:hostcpu] [-s <pci>] [-U uuid] -f <fw>`

export function readCommandLine(args: readonly string[]): HyperKitCommand | 'version' {
  const options = getopt(args)
  if (options.some(([letter]) => letter === 'v')) return 'version'
  if (options.some(([letter]) => letter === 'h')) throw new Refusal(0, usage)
  const last = (letter: string): string | undefined => options.findLast(([given]) => given === letter)?.[1]
  const firmware = last('f')
  if (firmware === undefined) throw new Refusal(1, usage)
  const slots = readSlots(options.filter(([letter]) => letter === 's').map(([, value]) => value))
  const serial = readSerial(options.filter(([letter]) => letter === 'l').map(([, value]) => value))
  const pidFile = last('F')
  return {
    ...(pidFile !== undefined && { pidFile }),
    cpus: readCpus(last('c') ?? '1'),
    memoryMiB: readMemory(last('m') ?? '256'),
    hasAcpi: options.some(([letter]) => letter === 'A'),
    slots,
    ...(serial && { serial }),
    ...readFirmware(firmware),
  }
}

function getopt(args: readonly string[]): [letter: string, value: string][] {
  const options: [string, string][] = []
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string
    // getopt stops at the first word that is no option; HyperKit then never looks at the rest.
    if (!arg.startsWith('-') || arg === '-') break
    for (let letterAt = 1; letterAt < arg.length; letterAt++) {
      const letter = arg[letterAt] as string
      const known = optionLetters.indexOf(letter)
      if (known < 0 || letter === ':') throw new Refusal(1, `hyperkit: illegal option -- ${letter}\n${usage}`)
      if (optionLetters[known + 1] !== ':') {
        options.push([letter, ''])
        continue
      }
      const rest = arg.slice(letterAt + 1)
      const value = rest === '' ? args[++at] : rest
      if (value === undefined)
        throw new Refusal(1, `hyperkit: option requires an argument -- ${letter}\n${usage}`)
      options.push([letter, value])
      break
    }
  }
  return options
}

function readSlots(values: readonly string[]): Map<number, PciDevice> {
  const slots = new Map<number, PciDevice>()
  for (const value of values) {
    const [place = '', driver, ...options] = value.split(',')
    const slot = slotOf(place)
    if (slot === undefined || driver === undefined)
      throw new Refusal(1, `Invalid PCI slot info field "${value}"`)
    if (slots.has(slot)) throw new Refusal(1, `pci slot ${slot}:0 already occupied!`)
    if (!drivers.has(driver)) throw new Refusal(1, `pci slot ${slot}:0: unknown device "${driver}"`)
    slots.set(slot, { driver, options })
    checkDevice({ driver, options })
  }
  return slots
}

/** `bus:slot:function`, `slot:function` or `slot`. */
function slotOf(place: string): number | undefined {
  const numbers = place.split(':').map(Number)
  if (numbers.some((number) => !Number.isInteger(number) || number < 0) || numbers.length > 3)
    return undefined
  const slot = numbers.length === 3 ? numbers[1] : numbers[0]
  return slot !== undefined && slot < 32 ? slot : undefined
}

const optionPatterns: Record<string, RegExp> = {
  'virtio-vpnkit': /^(path|uuid|macfile|preferred_ipv4)=/,
  'virtio-sock': /^(guest_cid|path|guest_forwards)=/,
  'virtio-9p': /^(path|tag|port)=/,
}

function checkDevice({ driver, options }: PciDevice): void {
  const pattern = optionPatterns[driver]
  for (const option of options) {
    if (pattern && !pattern.test(option)) throw new Refusal(1, `invalid option: ${option}`)
    if (driver === 'virtio-vpnkit' && option.startsWith('uuid=') && option.length < 41)
      throw new Refusal(1, 'uuids need to be 36 characters long')
  }
  if (driver === 'virtio-blk') checkDisk(options)
  if (driver === 'virtio-sock') checkSock(options)
}

function checkDisk([path, ...options]: readonly string[]): void {
  if (!path) throw new Refusal(1, 'virtio-block: backing device required')
  for (const option of options) {
    const isKnown =
      /^(sync|direct|ro|format=qcow|qcow-config=.*|qcow-stats-config=.*|sectorsize=\d+(\/\d+)?)$/
    if (option === 'nocache') throw new Refusal(1, 'xhyve: nocache support unimplemented')
    if (!isKnown.test(option)) throw new Refusal(1, `Invalid device option "${option}"`)
  }
}

function checkSock(options: readonly string[]): void {
  const value = (name: string): string | undefined =>
    options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1)
  const [cid, path] = [value('guest_cid'), value('path')]
  if (cid === undefined || path === undefined)
    throw new Refusal(1, 'guest_cid and path options are both required.')
  if (!(Number(cid) > 2)) throw new Refusal(1, `invalid guest_cid ${cid}`)
  // sun_path of macOS is 104 bytes.
  if (Buffer.byteLength(path) + '/00000000.00000000'.length + 1 > 104)
    throw new Refusal(1, 'vsock path is too long')
}

function readSerial(values: readonly string[]): SerialPort | undefined {
  let serial: SerialPort | undefined
  for (const value of values) {
    const [port = '', ...backends] = value.split(',')
    if (!/^com[12]$/i.test(port))
      throw new Refusal(64, `hyperkit: invalid lpc device configuration '${value}'`)
    const found: { autopty?: string; log?: string } = {}
    for (const backend of backends) {
      if (backend.startsWith('autopty=')) found.autopty = backend.slice(8)
      else if (backend.startsWith('log=')) found.log = backend.slice(4)
      else if (!['null', 'stdio', 'autopty', 'asl'].includes(backend) && !backend.startsWith('/dev/'))
        throw new Refusal(1, `Unable to initialize backend '${backend}' for LPC device ${port}`)
    }
    if (port.toLowerCase() === 'com1') serial = found
  }
  return serial
}

function readCpus(value: string): number {
  const cpus = Number.parseInt(value, 10) || 0
  if (cpus < 1) throw new Refusal(1, `Invalid guest vCPUs (${cpus})`)
  if (cpus > 16) throw new Refusal(1, `${cpus} vCPUs requested but only 16 available`)
  return cpus
}

const memoryUnits: Record<string, number> = { '': 1 / 1024 ** 2, k: 1 / 1024, m: 1, g: 1024, t: 1024 ** 2 }

function readMemory(value: string): number {
  const [, digits, unit = ''] = /^(\d+)([kmgtKMGT]?)$/.exec(value) ?? []
  if (digits === undefined) throw new Refusal(64, `hyperkit: invalid memsize '${value}'`)
  // Old habit: a bare number below a MiB counts in MiB.
  if (unit === '' && Number(digits) < 1024 ** 2) return Number(digits)
  return Number(digits) * (memoryUnits[unit.toLowerCase()] as number)
}

const firmwareHelp = `Invalid firmware argument
    -f kexec,'kernel'[,'initrd'][,'"cmdline"']
    -f fbsd,'userboot','boot volume'[,'"kernel env"']
    -f bootrom,'ROM'`

function readFirmware(value: string): { kernel: string; initrd?: string; commandLine: string } {
  const [kind = '', kernel, initrd, ...rest] = value.split(',')
  if (kind !== 'kexec' || !kernel) throw new Refusal(1, firmwareHelp)
  return { kernel, ...(initrd ? { initrd } : {}), commandLine: rest.join(',') || 'auto' }
}
