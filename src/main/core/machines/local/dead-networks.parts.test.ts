import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { run } from '../../platform/child'
import { freePool } from './address-pool'
import { removeDeadNetworks } from './dead-networks'
import { forgetPool } from './firewall'
import { rangesInUse, removeBridges } from './host-network'
import { makeNetwork } from './private-network'

interface Left {
  readonly pool: string
  readonly bridge: string
  readonly execRoot: string
}

const note = async ({ bridge }: Left): Promise<string> =>
  (await run('ip', ['-o', 'link', 'show', 'dev', bridge])).stdout
/** The name of a bridge that is gone is free for the next. */
const isThere = async (left: Left): Promise<boolean> => / alias \S/.test(await note(left))
const chains = async (): Promise<string> => (await run('iptables-save', [])).stdout
const chainOf = ({ pool }: Left): string => `SLIPWAY-${pool.replace('.', '-')} `

/** A network as an engine made it; `wanted`: in the range that it had before. */
async function network(wanted?: string): Promise<Left> {
  const dir = await mkdtemp('/tmp/sl-dead-')
  const execRoot = join(dir, 'exec')
  const file = join(dir, 'network.json')
  if (wanted) await writeFile(file, JSON.stringify({ pool: wanted, bridge: 'slipway9999' }))
  const made = await makeNetwork({ file, execRoot })
  onTestFinished(async () => {
    await removeBridges(made.pool)
    await forgetPool(made.pool)
    await rm(dir, { recursive: true, force: true })
  })
  return { ...made, execRoot }
}

/** As if a core with another number had made it. */
async function madeBy(left: Left, core: number): Promise<void> {
  const changed = (/alias (.*)/.exec(await note(left))?.[1] ?? '').replace(` ${process.pid} `, ` ${core} `)
  await run('ip', ['link', 'set', 'dev', left.bridge, 'alias', changed])
}

async function deadPid(): Promise<number> {
  const child = spawn('true')
  await once(child, 'exit')
  return child.pid as number
}

test('the network of an engine whose core and processes are gone is taken away', async () => {
  // Far from where engines look first: one that starts beside this test does not take the range when it is free again.
  const left = await network(freePool(await rangesInUse(), 20 + Math.floor(Math.random() * 100)))
  await madeBy(left, await deadPid())
  expect(await chains()).toContain(chainOf(left))
  await removeDeadNetworks()
  expect(await note(left)).not.toContain(left.execRoot)
  expect(await chains()).not.toContain(chainOf(left))
})

test('the next start takes it away', async () => {
  const left = await network()
  await madeBy(left, await deadPid())
  await network()
  expect(await note(left)).not.toContain(left.execRoot)
})

test('one whose core lives stays, and one whose engine outlived its core', async () => {
  const [living, kept] = [await network(), await network()]
  const args = ['-e', 'setInterval(() => {}, 1000)', '--', `--exec-root=${kept.execRoot}`]
  const engine = spawn(process.execPath, args)
  onTestFinished(() => void engine.kill('SIGKILL'))
  await once(engine, 'spawn')
  // Only now: an engine that starts beside this test takes away what it finds dead.
  await madeBy(kept, await deadPid())
  await removeDeadNetworks()
  expect([await isThere(living), await isThere(kept)]).toEqual([true, true])
})

test('a bridge with another note, or with a core of another namespace, is nobody’s to remove', async () => {
  const [foreign, elsewhere] = [await network(), await network()]
  await run('ip', ['link', 'set', 'dev', foreign.bridge, 'alias', 'somebody else'])
  const alias = `slipway-engine ${elsewhere.pool} ${await deadPid()} pid:[1] ${elsewhere.execRoot}`
  await run('ip', ['link', 'set', 'dev', elsewhere.bridge, 'alias', alias])
  await removeDeadNetworks()
  expect([await isThere(foreign), await isThere(elsewhere)]).toEqual([true, true])
  expect(freePool(await rangesInUse())).not.toBe(elsewhere.pool)
})
