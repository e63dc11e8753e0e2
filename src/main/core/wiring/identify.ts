import type { Reply } from '../../../shared/contract'
import type { EngineAddress, EngineId } from '../../../shared/model'
import { addressText, dialAddress, type PlainAddress } from '../engine/dial'
import type { Dial } from '../engine/engine'
import { connectEngine } from '../engine/engine-client'

/** A socket that is there answers in no time; a host on the network may be far. */
const probeMs = 4_000
/** A login through a jump host, by a key that takes a second to open. */
const farProbeMs = 30_000

export type Identify = (address: EngineAddress, signal?: AbortSignal) => Promise<Reply<'engines.test'>>

export interface FarHosts {
  /** The road to an engine that is not dialled plainly. */
  readonly dialToAsk: (address: EngineAddress) => Dial | undefined
  /** What its host shows before a login. */
  readonly bannerOf: (address: EngineAddress) => string
}

/** Asks an address who it is. Throws a code of `engine.*`, `tunnel.*` or a question of `ssh.*`. */
export function identifyWith({ dialToAsk, bannerOf }: FarHosts): Identify {
  return async (address, outer) => {
    const far = dialToAsk(address)
    const dial = far ?? dialAddress(address as PlainAddress)
    const signal = outer ?? new AbortController().signal
    const target = { id: 'asked' as EngineId, dial, address: addressText(address), signal }
    const engine = await connectEngine({ ...target, pingTimeoutMs: far ? farProbeMs : probeMs })
    const { version, apiVersion, name } = engine.facts
    engine.close()
    const banner = far ? bannerOf(address) : ''
    return { version, apiVersion, name, ...(banner !== '' && { banner }) }
  }
}
