import { expect, test } from 'vitest'
import { namesById } from './owner-names'

test('users and groups are named by their numbers, the first name of each', () => {
  const users = namesById(
    'root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\nwww:x:33:33::/:/bin/false\n',
  )
  expect([...users]).toEqual([
    [0, 'root'],
    [33, 'www'],
  ])
  expect(namesById('adm:x:4:syslog,me').get(4)).toBe('adm')
})

test('lines of another shape name nobody', () => {
  expect(namesById('# a comment\n\n+::::::\n:x:7:\nbad:x:-1:\nworse:x:0x10:\nno').size).toBe(0)
})
