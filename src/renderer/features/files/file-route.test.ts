import { expect, test } from 'vitest'
import { cleanPath, crumbsOf, fileAddress, fileRoute } from './file-route'

test('a folder and an open file come back from their address', () => {
  for (const route of [
    { folder: '/' },
    { folder: '/etc/a b?&=#%' },
    { folder: '/etc', file: '/etc/한글 & co' },
    { folder: '/', file: '/\\xff.txt' },
  ]) {
    const [, search = ''] = fileAddress('/x/files', route).split('?')
    expect(fileRoute(search)).toEqual(route)
  }
})

test('no path leaves the root', () => {
  expect(cleanPath('../../etc/./x//y/../z/')).toBe('/etc/x/z')
  expect(fileRoute('file=..')).toEqual({ folder: '/' })
  expect(fileRoute('')).toEqual({ folder: '/' })
})

test('crumbs lead from the root to the folder', () => {
  expect(crumbsOf('/').map(({ path }) => path)).toEqual(['/'])
  expect(crumbsOf('/usr/local').map(({ path }) => path)).toEqual(['/', '/usr', '/usr/local'])
})
