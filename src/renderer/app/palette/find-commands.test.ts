import { expect, test } from 'vitest'
import { findCommands, type Command, type CommandGroup } from './find-commands'

const command = (label: string, change: Partial<Command> = {}): Command => ({
  id: label,
  group: 'containers',
  label,
  run: () => undefined,
  ...change,
})
const found = (commands: readonly Command[], query: string): string[] =>
  findCommands(commands, query).map(({ label }) => label)

test('every word must be found, wherever it stands', () => {
  const all = [command('web', { detail: 'nginx:1.27' }), command('db', { detail: 'postgres' })]
  expect(found(all, 'nginx web')).toEqual(['web'])
  expect(found(all, 'nginx db')).toEqual([])
})

test('a label that is or begins with the query comes first', () => {
  const all = ['my-webber', 'a cobweb', 'web-2', 'web'].map((label) => command(label))
  expect(found(all, 'WEB')).toEqual(['web', 'web-2', 'my-webber', 'a cobweb'])
})

test('keywords find, behind labels', () => {
  expect(found([command('Pull', { keywords: 'stop' }), command('Stop')], 'stop')).toEqual(['Stop', 'Pull'])
})

test('thousands of objects show a short list', () => {
  const all = Array.from({ length: 5000 }, (_, index) => command(`web-${index}`))
  expect(found(all, 'web')).toHaveLength(60)
})

test('an empty query shows some of each group', () => {
  const groups: readonly CommandGroup[] = ['pages', 'containers', 'images']
  const all = groups.flatMap((group) =>
    Array.from({ length: 30 }, (_, index) => command(`${group} ${index}`, { group })),
  )
  expect(findCommands(all, ' ').map(({ group }) => group)).toEqual(
    groups.flatMap((group) => Array.from({ length: 8 }, () => group)),
  )
})
