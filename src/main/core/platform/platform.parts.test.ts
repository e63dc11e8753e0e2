import { mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { linkSync, renameSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fork } from 'node:child_process'
import { expect, onTestFinished, test } from 'vitest'
import { isCode } from '../../../shared/errors'
import { removeUnfinished, writeAtomic } from './atomic-file'
import { run } from './child'
import { log } from './log'
import { claimCore } from './single-core'
import { DeadlineError, waitFor } from './wait-for'

async function freshDir(): Promise<string> {
  const dir = await mkdtemp('/tmp/sl-floor-')
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

test('of many that claim one folder together just one wins, and its socket is 0600', async () => {
  const path = join(await freshDir(), 'core.sock')
  const claims = await Promise.all(Array.from({ length: 12 }, () => claimCore(path)))
  const won = claims.filter((claim) => claim !== undefined)
  expect(won).toHaveLength(1)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  await won[0]?.release()
  await expect(stat(path)).rejects.toThrow('ENOENT')
})

test('a socket whose owner was killed is taken over, by one of many', async () => {
  const dir = await freshDir()
  const path = join(dir, 'core.sock')
  const holder = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.send('up'))`
  await writeFile(join(dir, 'holder.cjs'), holder)
  const child = fork(join(dir, 'holder.cjs'))
  await new Promise((resolve) => child.once('message', resolve))
  expect(await claimCore(path)).toBeUndefined()
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
  for (let round = 0; round < 30; round++) {
    const claims = await Promise.all(Array.from({ length: 12 }, () => claimCore(path)))
    const won = claims.filter((claim) => claim !== undefined)
    expect(won).toHaveLength(1)
    // Ends as a kill does: the name stays, and nobody listens.
    linkSync(path, join(dir, 'kept'))
    await won[0]?.release()
    renameSync(join(dir, 'kept'), path)
  }
  rmSync(path)
  expect(await readdir(dir)).toEqual(['holder.cjs'])
})

test('a holder that is slow to answer still holds', async () => {
  const path = join(await freshDir(), 'core.sock')
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(path, resolve))
  expect(await claimCore(path)).toBeUndefined()
  server.close()
})

test('a child ends at its deadline, by its signal, and its output is capped', async () => {
  await expect(run('sleep', ['100'], { timeoutMs: 50 })).rejects.toBeInstanceOf(DeadlineError)
  const stop = new AbortController()
  const running = run('sleep', ['100'], { signal: stop.signal })
  stop.abort(new Error('enough'))
  await expect(running).rejects.toThrow('enough')
  const flood = await run('head', ['-c', '100000', '/dev/zero'], { maxOutputBytes: 1000 })
  expect([flood.stdout.length, flood.isCut, flood.code]).toEqual([1000, true, 0])
  const absent = await run('no-such-program', []).catch((error: unknown) => error)
  expect(isCode(absent, 'file.failed')).toBe(true)
  expect((await run('cat', [], { input: 'in' })).stdout).toBe('in')
})

test('a wait ends with what it found, at its deadline, or with what its check throws', async () => {
  let n = 0
  expect(await waitFor(() => ++n > 2 && n, { timeoutMs: 5000, what: 'three', everyMs: 1 })).toBe(3)
  const never = waitFor(() => false, { timeoutMs: 5, what: 'never', everyMs: 1 })
  await expect(never).rejects.toThrow('never took longer than 5 ms')
  const broken = waitFor(() => Promise.reject(new Error('bad')), { timeoutMs: 5000, what: 'x' })
  await expect(broken).rejects.toThrow('bad')
})

test('the log keeps secrets out, one line a fact, and rotates', async () => {
  const dir = await freshDir()
  const file = join(dir, 'logs', 'core.log')
  log.open(file)
  onTestFinished(() => log.close())
  const hidden = 'c4n4ry'
  const long = 'x'.repeat(3900)
  log.info('a', `to https://me:${hidden}@host/?token=${hidden}\nsecond line`, {
    password: hidden,
    nested: { authToken: hidden },
    error: new Error(`GET http://u:${hidden}@h`),
  })
  const text = await readFile(file, 'utf8')
  expect(text).not.toContain(hidden)
  expect(text.trimEnd().split('\n')).toHaveLength(1)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  for (let n = 0; n < 6000; n++) log.info('a', long)
  expect((await readdir(join(dir, 'logs'))).sort()).toEqual([
    'core.log',
    'core.log.1',
    'core.log.2',
    'core.log.3',
  ])
})

test('what a killed writer left is taken away, what a living one is writing is not', async () => {
  const dir = await freshDir()
  const path = join(dir, 'settings.json')
  const beside = (pid: number, id: string): string =>
    join(dir, `settings.json.writing-${pid.toString(16)}-${id}`)
  const [dead, writing, forgotten] = [
    beside(2147483646, 'a'),
    beside(process.ppid, 'b'),
    beside(process.ppid, 'c'),
  ]
  const ofOthers = join(dir, `other.json.writing-${(2147483646).toString(16)}-d`)
  for (const file of [dead, writing, forgotten, ofOthers]) await writeFile(file, 'half')
  await utimes(forgotten, 0, 0)
  await removeUnfinished(path)
  expect((await readdir(dir)).map((name) => join(dir, name)).sort()).toEqual([ofOthers, writing].sort())
})

test('a file that is opened again and again while it is written is written all the same', async () => {
  const path = join(await freshDir(), 'settings.json')
  let isDone = false
  const opening = async (): Promise<void> => {
    while (!isDone) await removeUnfinished(path)
  }
  const opened = opening()
  for (let round = 0; round < 100; round++) await writeAtomic(path, String(round))
  isDone = true
  await opened
  expect(await readFile(path, 'utf8')).toBe('99')
})
