import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { takeStartLock } from './start-lock'

let path: string
beforeEach(() => {
  const dir = mkdtempSync('/tmp/slq-')
  onTestFinished(() => rmSync(dir, { recursive: true }))
  path = join(dir, 'start.lock')
})
const inUse = { code: 'machine.disk-in-use' }
/** Alive, and not us. */
const another = process.ppid

test('one starts at a time, and the next when that one is done', async () => {
  const unlock = await takeStartLock(path)
  await expect(takeStartLock(path)).rejects.toMatchObject(inUse)
  await unlock()
  await (
    await takeStartLock(path)
  )()
})

test('a holder that died loses it, one that lives does not', async () => {
  writeFileSync(path, '2147483646')
  await (
    await takeStartLock(path)
  )()
  writeFileSync(path, String(another))
  await expect(takeStartLock(path)).rejects.toMatchObject(inUse)
})

test('one that was left by a power cut does not hold for ever, though its number is another program’s now', async () => {
  writeFileSync(path, String(another))
  const longAgo = Date.now() / 1000 - 3600
  utimesSync(path, longAgo, longAgo)
  await (
    await takeStartLock(path)
  )()
})
