import type { Args, CallName, Reply } from '../../shared/contract'
import { toWire } from '../../shared/errors'
import { keyOf, type ObjectRef } from '../../shared/model'
import { markPending } from '../store/pending'
import { showError } from '../store/toasts'
import { getClient } from './connection'

/**
 * Does something to an object: its row shows it as pending until the answer, and a failure is told in a
 * toast. Never rejects, so that a click handler may `void` it. The reply (`null` for calls that answer
 * nothing), or `undefined` when it failed.
 */
export async function act<N extends CallName>(name: N, args: Args<N>): Promise<Reply<N> | undefined> {
  const done = isRef(args) ? markPending(keyOf(args), name) : undefined
  try {
    return await getClient().call(name, args)
  } catch (thrown) {
    const error = toWire(thrown)
    // Whoever cancelled knows it.
    if (error.code !== 'cancelled') showError(error)
    return undefined
  } finally {
    done?.()
  }
}

function isRef(args: unknown): args is ObjectRef {
  if (typeof args !== 'object' || args === null) return false
  const { engine, id } = args as Partial<Record<string, unknown>>
  return typeof engine === 'string' && typeof id === 'string'
}
