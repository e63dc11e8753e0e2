import { dirname } from 'node:path'
import type { Names } from '../../../shared/commands'
import type { EngineAddress, EngineId, Kind, Rows } from '../../../shared/model'
import { addressText } from '../engine/dial'
import type { RowsOf } from '../inventory/inventory'
import type { KnownEngine } from '../machines/machines'

type EngineById = (id: EngineId) => KnownEngine | undefined

/** Names for the commands of Activity: what a person calls an object, and which engine `docker` alone reaches. */
export const namesIn = (rowsOf: RowsOf, engineById: EngineById): Names => ({
  nameOf: (kind, engine, id) => {
    const row = rowsOf(engine, kind).find((each: Rows[Kind]) => each.id === id)
    return row && nameOf(row)
  },
  hostOf: (id) => {
    const engine = engineById(id)
    if (!engine || isDockersOwn(engine)) return undefined
    return addressText(engine.address)
  },
})

function nameOf(row: Rows[Kind]): string | undefined {
  if ('tags' in row) return row.tags[0]
  return 'name' in row ? row.name : row.id
}

/** The engine that the docker CLI reaches without being told where. */
function isDockersOwn({ origin, address }: KnownEngine): boolean {
  if (origin === 'docker-host' || origin === 'docker-context') return true
  return address.kind === 'unix' && /^(\/var)?\/run\/docker\.sock$/.test(address.path)
}

/** Whether ports that an engine publishes are this host's. */
export function isOnThisHost(address: EngineAddress | undefined): boolean {
  if (!address) return false
  if (address.kind === 'ssh') return false
  return address.kind === 'unix' || /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(address.host)
}

/** What makes the docker CLI of this host reach an engine. */
export function dockerEnv(address: EngineAddress | undefined): Record<string, string> {
  if (!address) return {}
  const host = { DOCKER_HOST: addressText(address) }
  if (address.kind !== 'tcp' || !address.tls) return host
  const file = address.tls.caFile ?? address.tls.certFile ?? address.tls.keyFile
  // The CLI knows just a folder with the three names of Docker's docs.
  return { ...host, DOCKER_TLS_VERIFY: '1', ...(file && { DOCKER_CERT_PATH: dirname(file) }) }
}
