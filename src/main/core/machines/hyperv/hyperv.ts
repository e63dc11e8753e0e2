import { AppError } from '../../../../shared/errors'
import * as scripts from './hyperv-scripts'
import { PowerShellError, type Json, type PowerShell } from './powershell'

/** The switch that Windows 10 and 11 make themselves: NAT and DHCP. Its name is translated, its id is not. */
const defaultSwitchId = 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444'

export interface VmFacts {
  /** As Hyper-V names it (`Running`, `Off`, `Saved`, `Starting`...), or `Gone`. */
  readonly state: string
  readonly cpuPercent: number
  readonly memoryBytes: number
}

export interface FoundVm {
  readonly id: string
  readonly state: string
  readonly notes: string
}

export interface VmPlan {
  readonly name: string
  readonly notes: string
  readonly folder: string
  readonly cpus: number
  readonly memoryBytes: number
  readonly minimumBytes: number
  readonly pipe: string
  readonly bootDisk: string
  readonly rootImage: string
  readonly rootDisk: string
  readonly dataDisk: string
}

type JsonObject = Readonly<Record<string, Json>>

const minute = 60_000
/**
 * How long a script may take: a cmdlet that is cut short goes on in Windows, so these are for what hangs. A resume
 * reads as much as the machine has memory; the state that a removal deletes is as big.
 */
const limits = {
  usual: minute,
  create: 3 * minute,
  start: 10 * minute,
  remove: 3 * minute,
  disk: 30 * minute,
}

/** Hyper-V's cmdlets as functions. Failures are `AppError`s; PowerShell's own are known here only. */
export class HyperV {
  constructor(
    private readonly powerShell: PowerShell,
    /** Of the host. */
    readonly processors: number,
  ) {}

  async probe(signal: AbortSignal): Promise<{ hasSwitch: boolean }> {
    const said = await this.#ask(scripts.probeScript, { switchId: defaultSwitchId }, { signal })
    return { hasSwitch: said['hasSwitch'] === true }
  }

  async find(name: string, signal?: AbortSignal): Promise<FoundVm[]> {
    const { vms } = await this.#ask(scripts.findScript, { name }, { signal })
    const found = Array.isArray(vms) ? (vms as readonly JsonObject[]) : []
    return found.map((vm) => ({ id: text(vm['id']), state: text(vm['state']), notes: text(vm['notes']) }))
  }

  async create(plan: VmPlan, signal: AbortSignal): Promise<string> {
    const data = { ...plan, switchId: defaultSwitchId }
    const said = await this.#ask(scripts.createScript, data, { signal, timeoutMs: limits.create })
    return text(said['id'])
  }

  async start(id: string, signal: AbortSignal): Promise<void> {
    await this.#ask(scripts.startScript, { id }, { signal, timeoutMs: limits.start })
  }

  async factsOf(id: string, signal?: AbortSignal): Promise<VmFacts> {
    try {
      const said = await this.#ask(scripts.stateScript, { id }, { signal })
      return {
        state: text(said['state']),
        cpuPercent: count(said['cpuPercent']),
        memoryBytes: count(said['memoryBytes']),
      }
    } catch (error) {
      if (isNotFound(error)) return { state: 'Gone', cpuPercent: 0, memoryBytes: 0 }
      throw error
    }
  }

  /** Resolves when it has begun: see `saveVm`. */
  async save(id: string, signal: AbortSignal): Promise<void> {
    await this.#ask(scripts.saveScript, { id }, { signal })
  }

  async pressButton(id: string, signal: AbortSignal): Promise<void> {
    await this.#ask(scripts.pressButtonScript, { id }, { signal })
  }

  async turnOff(id: string, signal?: AbortSignal): Promise<void> {
    await this.#ask(scripts.turnOffScript, { id }, { signal })
  }

  async remove(id: string, signal?: AbortSignal): Promise<void> {
    await this.#ask(scripts.removeScript, { id }, { signal, timeoutMs: limits.remove })
  }

  async resize(path: string, sizeBytes: number, signal: AbortSignal): Promise<void> {
    await this.#ask(scripts.resizeScript, { path, sizeBytes }, { signal, timeoutMs: limits.disk })
  }

  /** Of a disk that no VM has open. */
  async shrink(path: string): Promise<void> {
    await this.#ask(scripts.shrinkScript, { path }, { timeoutMs: limits.disk })
  }

  /** An IPv4 address of the guest that this host reaches, when one is known by now. */
  async addressOf(id: string, signal: AbortSignal): Promise<string | undefined> {
    const card = await this.#ask(scripts.addressScript, { id }, { signal })
    const told = firstIPv4(card['addresses'])
    const mac = macOf(text(card['mac']))
    if (told !== undefined || mac === undefined) return told
    return firstIPv4((await this.#ask(scripts.neighbourScript, { mac }, { signal }))['addresses'])
  }

  async #ask(
    script: string,
    data: JsonObject,
    { signal, timeoutMs = limits.usual }: { signal?: AbortSignal | undefined; timeoutMs?: number },
  ): Promise<JsonObject> {
    try {
      const value = await this.powerShell.run(script, data, { timeoutMs, ...(signal && { signal }) })
      return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {}
    } catch (error) {
      throw error instanceof PowerShellError ? asAppError(error) : error
    }
  }
}

/**
 * Names the group that may use Hyper-V by its id, for its name is translated on many a Windows, and the person too:
 * a name may have spaces and quotes in it.
 */
const joinGroup =
  "Start-Process -FilePath powershell -Verb RunAs -ArgumentList ('-Command Add-LocalGroupMember -SID S-1-5-32-578 -Member ' + [Security.Principal.WindowsIdentity]::GetCurrent().User.Value)"
const installHyperV =
  "Start-Process -FilePath powershell -Verb RunAs -ArgumentList '-Command Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V -All'"

function asAppError(error: PowerShellError): AppError {
  const unavailable = (reason: string, mend: string): AppError =>
    new AppError('machine.unavailable', reason, { facts: { backend: 'hyperv', reason, mend }, cause: error })
  if (error.category === 'PermissionDenied' || error.id.startsWith('AccessDenied'))
    return unavailable(
      'This account may not use Hyper-V: it is not in the group "Hyper-V Administrators". After joining it, sign out and in again.',
      joinGroup,
    )
  if (error.id === 'CommandNotFoundException')
    return unavailable(
      'Hyper-V is not installed. It comes with Windows Pro, Enterprise and Education.',
      installHyperV,
    )
  const isMissing =
    error.category === 'ObjectNotFound' || error.id.startsWith('InvalidParameter,Microsoft.HyperV')
  return new AppError('machine.start-failed', `Hyper-V: ${error.message}`, {
    facts: { stage: 'process', detail: error.message.slice(0, 500), isMissing },
    cause: error,
  })
}

const isNotFound = (error: unknown): boolean => error instanceof AppError && error.facts['isMissing'] === true

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
const count = (value: Json | undefined): number => (typeof value === 'number' ? value : 0)

function firstIPv4(value: Json | undefined): string | undefined {
  const all = Array.isArray(value) ? (value as readonly Json[]) : []
  // 169.254: a guest that nobody gave an address.
  return all.map(text).find((one) => /^\d+\.\d+\.\d+\.\d+$/.test(one) && !one.startsWith('169.254.'))
}

/** `00155D012345` as Hyper-V writes it, `00-15-5D-01-23-45` as Windows does elsewhere. Zeros: it has none yet. */
function macOf(plain: string): string | undefined {
  if (!/^[0-9A-Fa-f]{12}$/.test(plain) || /^0+$/.test(plain)) return undefined
  return (plain.match(/../g) ?? []).join('-')
}
