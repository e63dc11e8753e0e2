import { run } from '../../platform/child'
import { log } from '../../platform/log'

/**
 * What containers of the private engine need to reach the world, in two chains of our own that go away
 * with it. No chain or rule of another engine is touched; ours stand first in FORWARD, because where
 * Docker runs its policy there is to drop.
 */
const chainOf = (pool: string): string => `SLIPWAY-${pool.replace('.', '-')}`

type Rule = readonly string[]

/** The rules of one pool, pure: the commands after `iptables -w`. */
export function rulesFor(pool: string): readonly Rule[] {
  const chain = chainOf(pool)
  const range = `${pool}.0.0/16`
  return [
    ['-N', chain],
    // Frames that stay inside one bridge are forwarded packets too where br_netfilter is loaded.
    ['-A', chain, '-s', range, '-d', range, '-m', 'physdev', '--physdev-is-bridged', '-j', 'ACCEPT'],
    // Networks of one engine are apart from each other, as Docker promises.
    ['-A', chain, '-s', range, '-d', range, '-j', 'DROP'],
    ['-A', chain, '-s', range, '-j', 'ACCEPT'],
    ['-A', chain, '-d', range, '-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED', '-j', 'ACCEPT'],
    ['-I', 'FORWARD', '1', '-j', chain],
    ['-t', 'nat', '-N', chain],
    ['-t', 'nat', '-A', chain, '-s', range, '!', '-d', range, '-j', 'MASQUERADE'],
    ['-t', 'nat', '-A', 'POSTROUTING', '-j', chain],
  ]
}

export function undoFor(pool: string): readonly Rule[] {
  const chain = chainOf(pool)
  return [
    ['-D', 'FORWARD', '-j', chain],
    ['-F', chain],
    ['-X', chain],
    ['-t', 'nat', '-D', 'POSTROUTING', '-j', chain],
    ['-t', 'nat', '-F', chain],
    ['-t', 'nat', '-X', chain],
  ]
}

/**
 * Adds the rules, afresh. Answers false when one could not be set: containers then reach each other and
 * the host but maybe not the world. Without the physdev match the two rules about traffic inside the
 * pool are left out together: dropping alone could cut a bridge in two.
 */
export async function allowPool(pool: string, signal?: AbortSignal): Promise<boolean> {
  await forgetPool(pool)
  let isWhole = true
  let hasPhysdev = true
  for (const rule of rulesFor(pool)) {
    if (!hasPhysdev && rule.includes('DROP')) continue
    const isSet = await iptables(rule, signal)
    if (rule.includes('physdev')) hasPhysdev = isSet
    else isWhole = isWhole && isSet
  }
  if (!isWhole) log.warn('machines', 'not every firewall rule could be set', { pool })
  return isWhole
}

/** Takes the rules away. What is not there is no error. */
export async function forgetPool(pool: string): Promise<void> {
  for (const rule of undoFor(pool)) await iptables(rule)
}

async function iptables(rule: Rule, signal?: AbortSignal): Promise<boolean> {
  // `-w`: other engines change the tables too, and take their turn by the same lock.
  const options = { timeoutMs: 15_000, ...(signal && { signal }) }
  const ran = await run('iptables', ['-w', '10', ...rule], options).catch((error: unknown) => {
    signal?.throwIfAborted()
    log.debug('machines', 'iptables does not run', { error })
    return undefined
  })
  return ran?.code === 0
}
