import { expect, test } from 'vitest'
import { randomOf } from '../../../../testing/layers/random-image'
import { AppError } from '../../../shared/errors'
import { AgentTree } from './agent-layers'
import type { LayerNode } from './tree/layer-node'

test('entries of the agent make a layer; names of one inode are one file', () => {
  const made = new AgentTree()
  made.add([-1, 'etc', 'd', 0, 0o755, 0, 0, 1])
  made.add([0, 'a', 'f', 10, 0o644, 0, 0, 1, { inode: 7 }])
  made.add([0, 'b\\xff', 'f', 10, 0o644, 0, 0, 1, { inode: 7, escaped: true }])
  made.add([0, 'c\\d', 'f', 5, 0o644, 0, 0, 1, { inode: 8 }])
  const { root, entries, sizeBytes } = made.finish()
  expect([entries, sizeBytes]).toEqual([4, 15])
  const etc = root.children?.get('etc')?.children ?? new Map<string, LayerNode>()
  expect([...etc.keys()]).toEqual(['a', 'b\\xff', 'c\\x5cd'])
  expect(etc.get('a')?.hardLinks?.paths).toEqual(new Set(['/etc/a', '/etc/b\\xff']))
  expect(etc.get('c\\x5cd')?.hardLinks).toBeUndefined()
})

test('what is no entry is refused with a clear word, and nothing else happens', () => {
  const random = randomOf(5)
  const odd = [
    null,
    undefined,
    -1,
    0,
    1e300,
    'd',
    'f',
    '',
    '__proto__',
    [],
    {},
    { inode: 1 },
    { link: 'x' },
    true,
  ]
  for (let round = 0; round < 3000; round++) {
    const made = new AgentTree()
    made.add([-1, 'd', 'd', 0, 0o755, 0, 0, 1])
    const entry: unknown[] = [0, 'f', 'f', 1, 0o644, 0, 0, 1, {}]
    for (let n = random(3); n >= 0; n--) entry[random(9)] = odd[random(odd.length)]
    try {
      made.add(random(20) === 0 ? odd[random(odd.length)] : entry)
      made.finish()
    } catch (error) {
      expect(error).toBeInstanceOf(AppError)
      expect((error as AppError).code).toBe('engine.bad-answer')
    }
  }
})
