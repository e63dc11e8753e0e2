import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isCode } from '../../../shared/errors'
import { pathsOf } from '../platform/paths'
import { waitFor } from '../platform/wait-for'
import { defaultSettings, readSettings, settingsText } from './read-settings'
import { SettingsStore } from './settings-store'

async function freshFiles() {
  const dir = await mkdtemp(join(tmpdir(), 'sl-settings-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return { dir, files: pathsOf(dir) }
}

test('what is set is there after a restart, and other keys stay', async () => {
  const { files } = await freshFiles()
  const store = await SettingsStore.open(files)
  await Promise.all([store.set({ theme: 'dark' }), store.set({ language: 'ko' }), store.setUi('w', [1])])
  const again = await SettingsStore.open(files)
  expect(again.current).toEqual({ ...defaultSettings(), theme: 'dark', language: 'ko', ui: { w: [1] } })
  expect(again.notice).toBeUndefined()
})

test.each([
  ['cut', '{"version":1,"theme":"li'],
  ['empty', ''],
  ['a list', '[]'],
  ['binary', '\u0000\u0001\ufffd'],
  ['wrong types', '{"version":1,"theme":7}'],
  ['a later version', '{"version":99,"theme":"light"}'],
])('a file that is %s starts on the last good copy and is kept aside', async (_, text) => {
  const { dir, files } = await freshFiles()
  await (await SettingsStore.open(files)).set({ theme: 'dark' })
  await writeFile(files.settings, text)
  const store = await SettingsStore.open(files)
  expect(store.current.theme).toBe('dark')
  expect(store.notice).toMatchObject({ kind: 'settings-recovered', facts: { from: 'last-good' } })
  const bad = (await readdir(dir)).filter((name) => name.startsWith('settings.bad-'))
  expect(bad).toHaveLength(1)
  expect(await readFile(join(dir, bad[0] as string), 'utf8')).toBe(text)
  expect((await SettingsStore.open(files)).notice).toBeUndefined()
})

test('without a good copy each right value is kept and the others get their default', async () => {
  const { files } = await freshFiles()
  const engine = { id: 'a', name: 'A', address: { kind: 'unix', path: '/s' } }
  const text = JSON.stringify({ theme: 'dark', language: 5, engines: [engine, { id: '../' }] })
  await writeFile(files.settings, text)
  const store = await SettingsStore.open(files)
  expect(store.current).toMatchObject({ theme: 'dark', language: 'system', engines: [engine] })
  expect(store.notice?.facts['from']).toBe('parts')
})

test('a byte order mark is no damage', async () => {
  const { files } = await freshFiles()
  await writeFile(files.settings, `\uFEFF${settingsText({ ...defaultSettings(), theme: 'dark' })}`)
  const store = await SettingsStore.open(files)
  expect([store.current.theme, store.notice]).toEqual(['dark', undefined])
})

test('a folder that cannot be written says so and the old settings go on', async () => {
  const { dir, files } = await freshFiles()
  const store = await SettingsStore.open(files)
  await store.set({ theme: 'dark' })
  // Root may write where nobody may: a folder in the place of the data folder refuses root too.
  await rm(dir, { recursive: true })
  await writeFile(dir, 'a file where the folder was')
  await chmod(dir, 0o400)
  const failed = await store.set({ theme: 'light' }).catch((error: unknown) => error)
  expect(isCode(failed, 'settings.read-only')).toBe(true)
  expect(store.current.theme).toBe('dark')
})

test('a value too large for the window memory is refused, and null forgets', async () => {
  const { files } = await freshFiles()
  const store = await SettingsStore.open(files)
  const failed = await store.setUi('k', 'x'.repeat(65_536)).catch((error: unknown) => error)
  expect(isCode(failed, 'input.invalid')).toBe(true)
  await store.setUi('__proto__', { a: 1 })
  expect(Object.keys(store.current.ui)).toEqual(['__proto__'])
  await store.setUi('__proto__', null)
  expect(Object.keys(store.current.ui)).toEqual([])
})

test('1,000 mutations of a file are all read without a crash', () => {
  const text = settingsText({
    ...defaultSettings(),
    theme: 'dark',
    ui: { columns: [{ id: 'name', width: 3 }] },
  })
  // A fixed seed: the same 1,000 files every time.
  let seed = 12_345
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % below
  }
  const seen = new Set<string>()
  for (let n = 0; n < 1000; n++) {
    const at = random(text.length)
    const piece =
      [String.fromCharCode(random(0x3000)), '', '{', '"', '9e999', 'null', '\u0000'][random(7)] ?? ''
    const read = readSettings(text.slice(0, at) + piece + text.slice(at + random(1 + random(40))))
    seen.add(read.kind)
    if (read.kind !== 'unreadable') expect(['system', 'light', 'dark']).toContain(read.settings.theme)
  }
  expect(seen).toContain('unreadable')
  expect(seen).toContain('whole')
})

/** Saves for ever in a process of its own; prints a dot for each save that was promised to last. */
const saver = (dir: string): string => `
import { SettingsStore } from ${JSON.stringify(join(import.meta.dirname, 'settings-store.ts'))}
import { pathsOf } from ${JSON.stringify(join(import.meta.dirname, '../platform/paths.ts'))}
const store = await SettingsStore.open(pathsOf(${JSON.stringify(dir)}))
for (let n = 0; ; n++) { await store.setUi('n', 'x'.repeat(n % 5000)); process.stdout.write('.') }`

test('30 kills in the middle of saves always leave a whole file', async () => {
  const { dir, files } = await freshFiles()
  await writeFile(join(dir, 'saver.mts'), saver(dir))
  for (let round = 0; round < 30; round++) {
    const child = spawn('node', ['--import', 'tsx', join(dir, 'saver.mts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: join(import.meta.dirname, '../../../..'),
    })
    let saves = 0
    child.stdout.on('data', (chunk: Buffer) => (saves += chunk.length))
    const ended = new Promise((resolve) => child.once('exit', resolve))
    await waitFor(() => saves > round, { timeoutMs: 30_000, what: 'the saver to save', everyMs: 1 })
    child.kill('SIGKILL')
    await ended
    expect(readSettings(await readFile(files.settings, 'utf8')).kind).toBe('whole')
    expect((await SettingsStore.open(files)).notice).toBeUndefined()
  }
  expect((await readdir(dir)).filter((name) => name.includes('.writing-'))).toEqual([])
}, 180_000)

test('settings that were forgotten are the defaults, without a file, and others can be saved', async () => {
  const { dir, files } = await freshFiles()
  const store = await SettingsStore.open(files)
  await store.set({ theme: 'dark' })
  const told: string[] = []
  store.onChanged(({ theme }) => told.push(theme))
  await store.forget()
  expect([await readdir(dir), store.current, told]).toEqual([[], defaultSettings(), ['system']])
  await store.set({ language: 'ko' })
  expect((await SettingsStore.open(files)).current).toEqual({ ...defaultSettings(), language: 'ko' })
})
