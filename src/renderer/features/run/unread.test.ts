import { expect, test } from 'vitest'
import { emptyRunSpec, type MountSpec } from '../../../shared/model'
import { unreadAfter } from './unread'

const mount = (target: string): MountSpec => ({ type: 'tmpfs', source: '', target, readOnly: false })
const [first, second] = [mount('/a'), mount('/b')]
const after = (mounts: MountSpec[]): unknown => [
  ...unreadAfter(
    new Map([
      ['memoryBytes', '5 apples'],
      ['mounts.1.tmpfsBytes', 'much'],
    ]),
    { ...emptyRunSpec(''), mounts: [first, second] },
    { ...emptyRunSpec(''), mounts },
  ),
]
const memory = ['memoryBytes', '5 apples']

test('an unread text goes with the line that it stands in', () => {
  expect(after([second])).toEqual([memory, ['mounts.0.tmpfsBytes', 'much']])
  expect(after([first, { ...second, target: '/c' }])).toEqual([memory, ['mounts.1.tmpfsBytes', 'much']])
})

test('of a line that was removed, or has no size any more, nothing stays unread', () => {
  expect(after([first])).toEqual([memory])
  expect(after([first, { ...second, type: 'volume' }])).toEqual([memory])
})
