import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { contract } from '../../src/shared/contract'

const root = join(import.meta.dirname, '..', '..')

/** Where core itself is asked: the tests of windows have a fake in its place, those of roads to it and of the CLI stubs. */
const asking: readonly (readonly [folder: string, isAsking: RegExp])[] = [
  ['src/main/core', /^(?!api\/).*\.test\.ts$/],
  ['e2e', /\.e2e\.ts$/],
  // What the parts tests of an area ask with.
  ['testing', /-lab\.ts$/],
]

const textOf = (): string =>
  asking
    .flatMap(([folder, isAsking]) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => isAsking.test(file))
        .map((file) => readFileSync(join(root, folder, file), 'utf8')),
    )
    .join('\n')

/**
 * The names that are asked: out of a table of handlers, or by a client's `call`, `stream`, `openStream` or `first`.
 * A stub that answers by the name, a type, and an equal word in an expectation are none.
 */
function asked(text: string): ReadonlySet<string> {
  const ofTable = /[\w)]\['([\w.]+)'\](?=\s*\()/g
  const ofClient = /\b(?:call|stream|openStream|first)(?:<[^(]*>)?\(\s*'([\w.]+)'/g
  return new Set(
    [ofTable, ofClient].flatMap((form) => [...text.matchAll(form)].map(([, name]) => String(name))),
  )
}

test('each call and stream of the contract is asked of core in a test', () => {
  const all = asked(textOf())
  expect(Object.keys(contract).filter((name) => !all.has(name))).toEqual([])
})

test('a stub, a type and a word are no question', () => {
  const none = "{ 'a.stub': () => 1 }; h['a.set'] = () => 1; type A = B['a.type']; expect(x).toBe('a.word')"
  expect([...asked(none)]).toEqual([])
  const some =
    "await handlers()['a.one']({}); lab.call(\n 'a.two', {}); client.stream<{ x: 1 }>('a.three', {})"
  expect([...asked(some)]).toEqual(['a.one', 'a.two', 'a.three'])
})
