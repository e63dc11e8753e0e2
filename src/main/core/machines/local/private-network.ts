import { readFile, rm } from 'node:fs/promises'
import * as v from 'valibot'
import { AppError } from '../../../../shared/errors'
import { writeAtomic } from '../../platform/atomic-file'
import { removeDeadNetworks, markBridge } from './dead-networks'
import { freePool, overlaps, rangeOf } from './address-pool'
import type { EngineNetwork } from './engine-process'
import { allowPool, forgetPool } from './firewall'
import { interfaceNames, makeBridge, rangesInUse, removeBridges } from './host-network'

const schema = v.object({
  pool: v.pipe(v.string(), v.regex(/^10\.\d{1,3}$/)),
  bridge: v.pipe(v.string(), v.regex(/^slipway\d{1,4}$/)),
})

export interface NetworkPlace {
  /** Where it is written down. */
  readonly file: string
  /** The engine's folder for what runs: its processes name it. */
  readonly execRoot: string
}

/**
 * Makes the private engine's bridge, range and rules. What the last run left is taken away first; its
 * range is used again where it is still free, so that addresses stay what people wrote down.
 */
export async function makeNetwork(
  { file, execRoot }: NetworkPlace,
  signal?: AbortSignal,
): Promise<EngineNetwork> {
  const last = await removeNetwork(file)
  await removeDeadNetworks()
  const inUse = await rangesInUse(signal)
  const lastRange = last && rangeOf(`${last.pool}.0.0/16`)
  const isFree = lastRange !== undefined && !inUse.some((range) => overlaps(range, lastRange))
  const pool = last && isFree ? last.pool : freePool(inUse)
  if (pool === undefined)
    throw new AppError('machine.start-failed', 'No private address range is free', {
      facts: { stage: 'network', detail: 'no-free-range' },
    })
  const network = { pool, bridge: await freeBridge(signal) }
  // Written before it is made: a crash in between leaves a note that the next start follows.
  await writeAtomic(file, JSON.stringify(network))
  await makeBridge(network.bridge, `${pool}.0.1/24`, signal)
  await markBridge(network.bridge, { pool, execRoot })
  await allowPool(pool, signal)
  return network
}

/** Takes away what a file says was made. Answers what it said. */
export async function removeNetwork(file: string): Promise<EngineNetwork | undefined> {
  const network = await readNetwork(file)
  if (!network) return undefined
  await removeBridges(network.pool)
  await forgetPool(network.pool)
  return network
}

export async function readNetwork(file: string): Promise<EngineNetwork | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return v.parse(schema, JSON.parse(text))
  } catch {
    await rm(file, { force: true })
    return undefined
  }
}

async function freeBridge(signal?: AbortSignal): Promise<string> {
  const taken = new Set(await interfaceNames(signal))
  for (let n = 0; ; n++) if (!taken.has(`slipway${n}`)) return `slipway${n}`
}
