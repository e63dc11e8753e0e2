import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { plantCanaries, treeState } from '../../../../testing/vm/canary-tree'
import { run } from '../platform/child'
import { keepingForeign, removeOurs, removeWhole, Told } from './remove'
import { sizeOf } from './size'

async function freshDir(): Promise<string> {
  const dir = await mkdtemp('/tmp/slrm-')
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

test('nothing is deleted through a mount, also where the folder is reached by a link', async () => {
  const dir = await freshDir()
  plantCanaries(join(dir, 'theirs'), join(dir, 'outside'))
  const point = join(dir, 'real/ours/deep mount')
  mkdirSync(point, { recursive: true })
  symlinkSync(join(dir, 'real'), join(dir, 'data'))
  const mounted = await run('mount', ['--bind', join(dir, 'theirs'), point])
  expect(mounted.stderr).toBe('')
  onTestFinished(async () => void (await run('umount', [point])))
  const before = treeState(join(dir, 'theirs'))
  const told = new Told()
  await removeWhole(join(dir, 'data/ours'), told)
  expect(told.failed).toEqual([{ path: point, reason: 'mounted' }])
  expect(treeState(join(dir, 'theirs'))).toEqual(before)
})

test('a folder that is a link is not entered', async () => {
  const dir = await freshDir()
  plantCanaries(join(dir, 'theirs'), join(dir, 'outside'))
  symlinkSync(join(dir, 'theirs'), join(dir, 'engine'))
  const before = treeState(join(dir, 'theirs'))
  const told = new Told()
  await removeOurs(join(dir, 'engine'), { whole: () => true }, told)
  expect(told.failed).toEqual([{ path: join(dir, 'engine'), reason: 'link' }])
  expect(treeState(join(dir, 'theirs'))).toEqual(before)
})

test('what is not ours is in its place again, also when the work fails', async () => {
  const dir = await freshDir()
  const [folder, notes] = [join(dir, 'm-1'), join(dir, 'm-1/inner/notes')]
  mkdirSync(join(folder, 'inner'), { recursive: true })
  for (const path of [notes, join(folder, 'ours')]) writeFileSync(path, 'x')
  const inside = (name: string) => (name === 'inner' ? { whole: () => false } : undefined)
  const aside = `${folder}.aside`
  const keeping = {
    dir: folder,
    aside,
    ours: { whole: (name: string) => name === 'ours', inside },
    told: new Told(),
  }
  const failing = keepingForeign(keeping, () => Promise.reject(new Error('in the midst')))
  await expect(failing).rejects.toThrow('in the midst')
  expect([notes, join(folder, 'ours')].filter(existsSync)).toHaveLength(2)
  await keepingForeign(keeping, () => rm(folder, { recursive: true }))
  expect(existsSync(notes)).toBe(true)
  expect([join(folder, 'ours'), aside].filter(existsSync)).toEqual([])
})

test('a size that takes too long is told as at least so much; two names of one file count once', async () => {
  const dir = await freshDir()
  writeFileSync(join(dir, 'big'), Buffer.alloc(1_000_000, 1))
  await run('ln', [join(dir, 'big'), join(dir, 'same')])
  const { bytes } = await sizeOf(dir)
  expect(bytes).toBeGreaterThanOrEqual(1_000_000)
  expect(bytes).toBeLessThan(1_200_000)
  expect(await sizeOf(dir, { limitMs: -1 })).toMatchObject({ isAtLeast: true })
})
