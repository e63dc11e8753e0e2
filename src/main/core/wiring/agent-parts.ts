import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Handlers } from '../../../shared/contract'
import { AppError } from '../../../shared/errors'
import type { AgentCost, AgentObstacle, AgentStates, EngineFacts, EngineId } from '../../../shared/model'
import { findAgentPrograms, isAgentArchitecture, type AgentPrograms } from './agent-programs'
import { Agents, type RoadOf } from '../agent/agents'
import { helperRoad, removeAll } from '../agent/helper-container'
import { childRoad, machineRoad, type AgentBinary, type AgentRoad } from '../agent/road'
import { demux } from '../engine/demux'
import type { Inventory } from '../inventory/inventory'
import type { KnownEngine } from '../machines/machines'
import type { VmMachines } from '../machines/vm/vm-machines'
import type { SettingsStore } from '../settings/settings-store'

/** Where the service in a machine of ours listens. */
const machineSocket = '/run/slipway/agent.sock'
/** `CgroupnsMode` of a container came with 1.41. */
const leastApi = 41
/** Some megabytes into an emulated machine. */
const replaceMs = 60_000

export interface AgentPartsDeps {
  /** Names this core on its engines. */
  readonly owner: string
  readonly env: NodeJS.ProcessEnv
  /** Who core runs as: as root it may be what the helper container would be. */
  readonly uid: number
  readonly inventory: Pick<Inventory, 'engineOf' | 'engines' | 'onEngine' | 'onAway'>
  readonly settings: Pick<SettingsStore, 'current' | 'allowAgent'>
  readonly engineById: (id: EngineId) => KnownEngine | undefined
  readonly vms: Pick<VmMachines, 'all'>
  readonly programs?: AgentPrograms
}

/** The agents beside the engines, joined to the engines, the machines and the person's word. */
export class AgentParts {
  readonly agents: Agents
  readonly #addresses = new Map<EngineId, string>()
  readonly #programs: AgentPrograms
  readonly #undo: readonly (() => void)[]

  constructor(private readonly deps: AgentPartsDeps) {
    this.#programs = deps.programs ?? findAgentPrograms()
    this.agents = new Agents((engine) => Promise.resolve(this.#roadOf(engine)))
    this.#undo = [
      deps.inventory.onEngine(({ id, address, state }) => {
        if (state.kind === 'running') this.#up(id, address)
      }),
      // An engine that is silent for a moment keeps its agent, and with it every terminal.
      deps.inventory.onAway((id) => void this.agents.engineDown(id)),
    ]
  }

  /** Ends the agents of engines that are no longer known. */
  keepOnly(engines: readonly { readonly id: EngineId }[]): void {
    const known = new Set(engines.map(({ id }) => id))
    for (const id of this.agents.states.keys()) if (!known.has(id)) void this.agents.engineDown(id)
  }

  handlers(): Pick<Handlers, 'agents.watch' | 'agents.allow' | 'agents.cost'> {
    return {
      'agents.watch': (_, { signal }) => this.#watch(signal),
      'agents.allow': async ({ engine, allowed }) => {
        await this.deps.settings.allowAgent(this.#addressOf(engine), allowed)
        await this.agents.again(engine)
        if (!allowed)
          await removeAll({ engine: this.deps.inventory.engineOf(engine), owner: this.deps.owner })
        return null
      },
      'agents.cost': async ({ engine }, signal) => {
        const agent = this.agents.agentFor(engine, 'agent.facts')
        if (!agent)
          throw new AppError('engine.unsupported', 'No agent runs there', { facts: { what: 'agent' } })
        return agent.call<AgentCost>('agent.facts', {}, signal)
      },
    }
  }

  /** The person's words were forgotten: what ran by one of them ends. */
  async askAgain(): Promise<void> {
    await Promise.all([...this.agents.states.keys()].map((engine) => this.agents.again(engine)))
  }

  /** The helper containers go with their streams. */
  async close(): Promise<void> {
    for (const undo of this.#undo) undo()
    await this.agents.close()
  }

  /** Another engine under the same name gets an agent of its own. */
  #up(id: EngineId, address: string): void {
    const before = this.#addresses.get(id)
    this.#addresses.set(id, address)
    if (before === undefined || before === address) this.agents.engineUp(id)
    else void this.agents.engineDown(id).then(() => this.agents.engineUp(id))
  }

  #addressOf(id: EngineId): string {
    const engine = this.deps.inventory.engines.find((one) => one.id === id)
    if (!engine) throw new AppError('engine.unknown', `No engine ${id}`, { facts: { engine: id } })
    return engine.address
  }

  #roadOf(id: EngineId): Awaited<ReturnType<RoadOf>> {
    const { agents } = this.deps.settings.current
    const address = this.#addressOf(id)
    const word = Object.hasOwn(agents, address) ? agents[address] : undefined
    if (word === 'off' || this.deps.env['SLIPWAY_AGENT'] === 'off')
      return { kind: 'off', because: 'declined' }
    const engine = this.deps.inventory.engineOf(id)
    const why = obstacleOf(engine.facts)
    if (why) return { kind: 'off', because: 'unsupported', why }
    const binary = this.#programs(engine.facts.arch)
    const machine = this.#machineRoad(id, binary)
    if (machine) return machine
    if (!binary) return { kind: 'off', because: 'not-built' }
    if (this.#isOwnHost(id, engine.facts)) return childRoad(binary)
    if (apiMinor(engine.facts) < leastApi) return { kind: 'off', because: 'unsupported', why: 'old-api' }
    if (word !== 'on') return { kind: 'unasked' }
    return helperRoad({ engine, binary, owner: this.deps.owner, demux })
  }

  /** The service of a machine of ours: nobody is asked, as nothing of theirs is in there but containers. */
  #machineRoad(id: EngineId, wanted: AgentBinary | undefined): AgentRoad | undefined {
    const machine = this.deps.vms.all.find((one) => (one.id as string) === id)
    if (!machine) return undefined
    return machineRoad({
      dial: (signal) => machine.guest.dialUnix(machineSocket, signal),
      ...(wanted && { wanted }),
      replace: async ({ path, version }, signal) => {
        const input = await readFile(path, 'base64')
        await machine.guest.run('replace-agent', [version], { input, signal, timeoutMs: replaceMs })
      },
    })
  }

  /** Core could read the engine's files itself: same host, and root. A forwarded socket tells another host's name. */
  #isOwnHost(id: EngineId, { name, rootDir }: EngineFacts): boolean {
    const known = this.deps.engineById(id)
    const isHere = known?.address.kind === 'unix' && !known.dial && name === hostname()
    const mayRead =
      process.platform === 'linux' && this.deps.uid === 0 && existsSync(join(rootDir, 'containers'))
    return isHere && mayRead && this.deps.env['SLIPWAY_AGENT'] !== 'container'
  }

  async *#watch(signal: AbortSignal): AsyncGenerator<AgentStates> {
    let wake = (): void => undefined
    let isNew = true
    const tell = (): void => {
      isNew = true
      wake()
    }
    const undo = this.agents.onChanged(tell)
    signal.addEventListener('abort', tell, { once: true })
    try {
      while (!signal.aborted) {
        if (isNew) {
          isNew = false
          yield [...this.agents.states].map(([engine, state]) => ({ engine, state }))
        } else await new Promise<void>((resolve) => (wake = resolve))
      }
    } finally {
      undo()
      signal.removeEventListener('abort', tell)
    }
  }
}

function obstacleOf(facts: EngineFacts): AgentObstacle | undefined {
  if (facts.isPodman) return 'podman'
  if (facts.isRootless) return 'rootless'
  return isAgentArchitecture(facts.arch) ? undefined : 'architecture'
}

const apiMinor = ({ apiVersion }: EngineFacts): number => Number(apiVersion.split('.')[1] ?? 0)
