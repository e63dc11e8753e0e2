import type { EngineEvent, Notice } from '../../../shared/model'

/** Docker tells `kill` before the `die` that it causes, however long the program takes to end. */
const killHoldsMs = 120_000
/** A container that restarts in a loop is told once in a while, not once a loop. */
const quietMs = 60_000
/** More are not remembered: the oldest are the least likely to matter. */
const maxRemembered = 5000

/**
 * Decides from an engine's events what a person should hear of: a container that ended by itself with
 * an error, or that turned unhealthy. What anybody stopped, killed or removed is no surprise.
 */
export class DeathWatch {
  readonly #killed = new Map<string, number>()
  readonly #oom = new Map<string, number>()
  readonly #told = new Map<string, number>()

  onEvent(event: EngineEvent): Notice | undefined {
    if (event.type !== 'container') return undefined
    const key = `${event.engine}/${event.id}`
    switch (event.action) {
      case 'kill':
        remember(this.#killed, key, event.atMs)
        return undefined
      case 'oom':
        remember(this.#oom, key, event.atMs)
        return undefined
      case 'start':
        this.#killed.delete(key)
        this.#oom.delete(key)
        return undefined
      case 'die':
        return this.#died(event, key)
      case 'health_status: unhealthy':
        return this.#notice('container-unhealthy', event, {})
      default:
        return undefined
    }
  }

  #died(event: EngineEvent, key: string): Notice | undefined {
    const exitCode = Number(event.attributes['exitCode'] ?? 0)
    const killedAt = this.#killed.get(key)
    const isAsked = killedAt !== undefined && event.atMs - killedAt < killHoldsMs
    const outOfMemory = this.#oom.has(key)
    if (isAsked || (exitCode === 0 && !outOfMemory)) return undefined
    return this.#notice('container-died', event, { exitCode, outOfMemory })
  }

  #notice(kind: 'container-died' | 'container-unhealthy', event: EngineEvent, facts: Notice['facts']) {
    const key = `${kind}/${event.engine}/${event.id}`
    const toldAt = this.#told.get(key)
    if (toldAt !== undefined && event.atMs - toldAt < quietMs) return undefined
    remember(this.#told, key, event.atMs)
    return { kind, engine: event.engine, id: event.id, name: event.name, facts }
  }
}

function remember(map: Map<string, number>, key: string, atMs: number): void {
  map.delete(key)
  map.set(key, atMs)
  const oldest = map.keys().next()
  if (map.size > maxRemembered && !oldest.done) map.delete(oldest.value)
}
