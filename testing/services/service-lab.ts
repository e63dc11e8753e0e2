import { randomBytes } from 'node:crypto'
import { dialUnix } from '../../src/main/core/engine/dial'
import { pathPart, type EngineClient } from '../../src/main/core/engine/engine'
import { connectEngine } from '../../src/main/core/engine/engine-client'
import type { RowsOf } from '../../src/main/core/inventory/inventory'
import { rowSources } from '../../src/main/core/inventory/row-source'
import { kinds, type EngineId, type Kind, type Rows } from '../../src/shared/model'

export const local = 'local' as EngineId
export const live = new AbortController().signal

/** An engine and rows as core would hold them; `refresh` stands in for the events. */
export class ServiceLab {
  #rows: Partial<Record<Kind, readonly unknown[]>> = {}
  readonly rowsOf: RowsOf = <K extends Kind>(_: EngineId, kind: K) => (this.#rows[kind] ?? []) as Rows[K][]
  readonly engineOf = (): EngineClient => this.engine

  private constructor(readonly engine: EngineClient) {}

  static async connect(socket: string): Promise<ServiceLab> {
    const address = `unix://${socket}`
    return new ServiceLab(await connectEngine({ id: local, dial: dialUnix(socket), address, signal: live }))
  }

  async refresh(): Promise<void> {
    for (const kind of kinds) this.#rows[kind] = await rowSources[kind].list(this.engine, live)
  }

  /** A container that is made but not started. */
  async create(image: string, more: { name?: string; host?: object; config?: object } = {}): Promise<string> {
    const host = { NetworkMode: 'none', ...more.host }
    const made = await this.engine.json<{ Id: string }>({
      method: 'POST',
      path: '/containers/create',
      query: { name: more.name },
      body: { Image: image, Cmd: ['sleep', '1000000'], HostConfig: host, ...more.config },
    })
    return made.Id
  }

  async start(id: string): Promise<void> {
    await this.engine.json({ method: 'POST', path: `/containers/${id}/start` })
  }

  async removeContainer(id: string): Promise<void> {
    await this.engine.json({
      method: 'DELETE',
      path: `/containers/${pathPart(id)}`,
      query: { force: true, v: true },
    })
  }

  /** True when the engine has an image of that name or id. */
  async hasImage(name: string): Promise<boolean> {
    return this.engine.json({ path: `/images/${pathPart(name)}/json` }).then(
      () => true,
      () => false,
    )
  }

  /** Takes a name away, whether it is there or not. */
  async dropImage(name: string): Promise<void> {
    await this.engine
      .json({ method: 'DELETE', path: `/images/${pathPart(name)}`, query: { force: true } })
      .catch(() => undefined)
  }
}

/** A name that no other test uses. */
export const fresh = (what: string): string => `slt-${what}-${randomBytes(4).toString('hex')}`
