import type { EngineId, Network, NetworkId } from '../../../shared/model'
import { answer, answers, list, pairs, text, timeMs } from './reading'

/** `podman` is the default network that Podman makes by itself. */
const predefined = new Set(['bridge', 'host', 'none', 'podman'])

/** A row of `GET /networks`, or one inspect: the same shape. `undefined` for what has no id. */
export function networkRow(engine: EngineId, value: unknown): Network | undefined {
  const row = answer(value)
  const id = text(row['Id'])
  if (!id) return undefined
  const name = text(row['Name']) || id.slice(0, 12)
  return {
    engine,
    id: id as NetworkId,
    name,
    driver: text(row['Driver']),
    scope: text(row['Scope']),
    createdAtMs: timeMs(row['Created']),
    isInternal: row['Internal'] === true,
    isAttachable: row['Attachable'] === true,
    hasIpv6: row['EnableIPv6'] === true,
    subnets: answers(answer(row['IPAM'])['Config']).flatMap((config) => {
      const [subnet, gateway] = [text(config['Subnet']), text(config['Gateway'])]
      return subnet ? [{ subnet, ...(gateway && { gateway }) }] : []
    }),
    labels: pairs(row['Labels']),
    options: pairs(row['Options']),
    isPredefined: predefined.has(name),
  }
}

export const networkRows = (engine: EngineId, value: unknown): Network[] =>
  list(value).flatMap((row) => networkRow(engine, row) ?? [])
