import { expect, test } from 'vitest'
import { guestPathOf, movedBelow } from './guest-path'

test('a drive of Windows is a folder inside, and what changes below is told by the guest’s separators', () => {
  const hostPath = 'C:\\Users\\me\\app'
  const guestPath = guestPathOf(hostPath, 'win32')
  expect(guestPath).toBe('/c/Users/me/app')
  const changed = (path: string): string => movedBelow({ hostPath, guestPath }, path, 'win32')
  expect(changed('C:\\Users\\me\\app\\src\\main.ts')).toBe('/c/Users/me/app/src/main.ts')
  expect(changed(hostPath)).toBe(guestPath)
})

test('on Linux a backslash is part of a name', () => {
  const folder = { hostPath: '/home/me', guestPath: '/home/me' }
  expect(movedBelow(folder, '/home/me/a\\b', 'linux')).toBe('/home/me/a\\b')
})
