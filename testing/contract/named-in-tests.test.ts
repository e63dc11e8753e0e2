import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { contract } from '../../src/shared/contract'

const root = join(import.meta.dirname, '..', '..')
const isTest = (file: string): boolean => /\.(test\.tsx?|e2e\.ts)$/.test(file)

/** All tests in one text. */
const tests = (): string =>
  ['src', 'e2e', 'testing']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter(isTest)
        .map((file) => readFileSync(join(root, folder, file), 'utf8')),
    )
    .join('\n')

test('each call and stream of the contract stands in a test', () => {
  const text = tests()
  const forgotten = Object.keys(contract).filter((name) => !text.includes(`'${name}'`))
  expect(forgotten).toEqual([])
})
