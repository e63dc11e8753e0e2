import { run } from '../../platform/child'
import { log } from '../../platform/log'

/**
 * What containers of the private engine need to reach the world, in chains of our own that go away with
 * it. No chain or rule of another engine is touched; ours stand first in FORWARD, because where Docker
 * runs its policy there is to drop.
 */
const chainOf = (pool: string): string => `SLIPWAY-${pool.replace('.', '-')}`

/** What `iptables-restore --noflush` takes: both tables change at once or not at all. Pure. */
export function rulesFor(pool: string): string {
  const chain = chainOf(pool)
  const range = `${pool}.0.0/16`
  // Networks of one engine are apart from each other, as Docker promises. Each is one /24 of the pool.
  // Frames inside one bridge pass here too where br_netfilter is loaded, and no match tells them from
  // routed ones on every kernel, so each network is named. Only first packets of a connection get there.
  const own = Array.from({ length: 256 }, (_, n) => {
    const network = `${pool}.${n}.0/24`
    return `-A ${chain}-IN -s ${network} -d ${network} -j ACCEPT`
  })
  return [
    '*filter',
    `:${chain} - [0:0]`,
    `:${chain}-IN - [0:0]`,
    `-A ${chain} -s ${range} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
    `-A ${chain} -d ${range} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
    `-A ${chain} -s ${range} -d ${range} -j ${chain}-IN`,
    `-A ${chain} -s ${range} -j ACCEPT`,
    ...own,
    `-A ${chain}-IN -j DROP`,
    `-I FORWARD 1 -j ${chain}`,
    'COMMIT',
    '*nat',
    `:${chain} - [0:0]`,
    `-A ${chain} -s ${range} ! -d ${range} -j MASQUERADE`,
    `-A POSTROUTING -j ${chain}`,
    'COMMIT',
    '',
  ].join('\n')
}

export function undoFor(pool: string): readonly (readonly string[])[] {
  const chain = chainOf(pool)
  return [
    ['-D', 'FORWARD', '-j', chain],
    ['-F', chain],
    ['-X', chain],
    ['-F', `${chain}-IN`],
    ['-X', `${chain}-IN`],
    ['-t', 'nat', '-D', 'POSTROUTING', '-j', chain],
    ['-t', 'nat', '-F', chain],
    ['-t', 'nat', '-X', chain],
  ]
}

// `-w`: other engines change the tables too, and take their turn by the same lock.
const wait = ['-w', '10']
const timeoutMs = 15_000

/**
 * Adds the rules, afresh. Answers false when they could not be set: containers then reach each other and
 * the host, but maybe not the world.
 */
export async function allowPool(pool: string, signal?: AbortSignal): Promise<boolean> {
  await forgetPool(pool)
  const options = { timeoutMs, input: rulesFor(pool), ...(signal && { signal }) }
  const words = await run('iptables-restore', [...wait, '--noflush'], options).then(
    (ran) => (ran.code === 0 ? '' : ran.stderr),
    (error: unknown) => String(error),
  )
  signal?.throwIfAborted()
  if (words) log.warn('machines', 'the firewall rules could not be set', { pool, words })
  return words === ''
}

/** Takes the rules away. What is not there is no error. */
export async function forgetPool(pool: string): Promise<void> {
  for (const rule of undoFor(pool))
    await run('iptables', [...wait, ...rule], { timeoutMs }).catch(() => undefined)
}
