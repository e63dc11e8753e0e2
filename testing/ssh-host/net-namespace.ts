import { randomBytes, randomInt } from 'node:crypto'
import { run } from '../../src/main/core/platform/child'
import { allOrNothing } from '../../src/shared/std/cleanup'
import { needs } from '../engine/start-engine'

/** A network of its own, joined to the host by one cable. */
export interface NetNamespace {
  readonly name: string
  /** Of the far end of the cable. */
  readonly address: string
  /** Packets vanish from now on, both ways, without a word to anyone. */
  pullCable(): Promise<void>
  plugIn(): Promise<void>
  remove(): Promise<void>
}

export async function makeNetNamespace(): Promise<NetNamespace> {
  await needs('ip', 'apt-get install iproute2')
  const tag = randomBytes(3).toString('hex')
  const name = `slt-${tag}`
  const [near, far] = [`sltn${tag}`, `sltf${tag}`]
  // From the range for documentation and tests between two hosts: nobody routes it.
  const base = `198.18.${randomInt(1, 255)}.${4 * randomInt(0, 63)}`
  const [nearAddress, address] = [nth(base, 1), nth(base, 2)]
  return allOrNothing(async (cleanup) => {
    await ip('netns', 'add', name)
    cleanup.add(() => run('ip', ['netns', 'del', name]))
    await ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', name)
    // Before the namespace, which would take it along only some time later.
    cleanup.add(() => run('ip', ['link', 'del', near]))
    await ip('addr', 'add', `${nearAddress}/30`, 'dev', near)
    await ip('link', 'set', near, 'up')
    await ip('-n', name, 'addr', 'add', `${address}/30`, 'dev', far)
    await ip('-n', name, 'link', 'set', far, 'up')
    await ip('-n', name, 'link', 'set', 'lo', 'up')
    return {
      name,
      address,
      // The far end goes down: the near one keeps its address and its route, as behind a switch.
      pullCable: () => ip('-n', name, 'link', 'set', far, 'down'),
      plugIn: () => ip('-n', name, 'link', 'set', far, 'up'),
      remove: () => cleanup.close(),
    }
  })
}

const nth = (base: string, n: number): string => {
  const parts = base.split('.')
  return [...parts.slice(0, 3), Number(parts[3]) + n].join('.')
}

async function ip(...args: string[]): Promise<void> {
  const ran = await run('ip', args)
  if (ran.code !== 0) throw new Error(`ip ${args.join(' ')}: ${ran.stderr}`)
}
