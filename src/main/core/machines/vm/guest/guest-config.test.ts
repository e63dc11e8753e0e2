import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { pathsOf, type MachinePaths } from '../../../platform/paths'
import { machineKeys, type NewKeyPair } from './guest-config'

let paths: MachinePaths
let made: number
beforeEach(() => {
  const dir = mkdtempSync('/tmp/slq-')
  onTestFinished(() => rmSync(dir, { recursive: true }))
  paths = pathsOf(dir, { env: {} }).machine('m-1')
  made = 0
})
const newKeyPair: NewKeyPair = (comment) => {
  made++
  return { privateKey: `private ${made}`, publicKey: `ssh-ed25519 ${made} ${comment}` }
}
const keys = () => machineKeys(paths, { name: 'lab', newKeyPair })

test('the keys are made once and kept', async () => {
  const first = await keys()
  expect(first.userPublic).toBe('ssh-ed25519 1 slipway-lab')
  expect(readFileSync(paths.hostKey, 'utf8')).toBe(first.hostPrivate)
  expect(await keys()).toEqual(first)
  expect(made).toBe(2)
})

test('of two that make them at once one is refused, and the keys of the other are kept', async () => {
  const [one, two] = await Promise.allSettled([keys(), keys()])
  const had = [one, two].flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const refused = [one, two].flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  )
  expect(refused).toEqual([expect.objectContaining({ code: 'machine.disk-in-use' })])
  expect(had).toEqual([await keys()])
})

test('a file of them that is gone makes all of them new', async () => {
  const first = await keys()
  writeFileSync(paths.hostKeyPublic, '')
  const next = await keys()
  expect(Object.values(next).some((text) => Object.values(first).includes(text))).toBe(false)
  expect(await keys()).toEqual(next)
})
