import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ConsoleFile } from './console-file'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-console-'))
  path = join(folder, 'console.log')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const heard = (file: ConsoleFile): { text: () => string; stop: () => void } => {
  const said: Uint8Array[] = []
  const stop = file.listen((bytes) => said.push(bytes))
  return { text: () => Buffer.concat(said).toString(), stop }
}

test('who comes late hears it from the start, until it stops listening', () => {
  const file = new ConsoleFile(path, { goesOn: false })
  file.push(Buffer.from('one '))
  const late = heard(file)
  file.push(Buffer.from('two'))
  late.stop()
  file.push(Buffer.from(' three'))
  expect(late.text()).toBe('one two')
  expect(file.text()).toBe('one two three')
  expect(readFileSync(path, 'utf8')).toBe('one two three')
})

test('a new run begins a new file, an adopted one goes on in it', () => {
  writeFileSync(path, 'before ')
  const adopted = new ConsoleFile(path, { goesOn: true })
  adopted.push(Buffer.from('now'))
  expect(heard(adopted).text()).toBe('before now')
  expect(readFileSync(path, 'utf8')).toBe('before now')
  new ConsoleFile(path, { goesOn: false }).push(Buffer.from('anew'))
  expect(readFileSync(path, 'utf8')).toBe('anew')
})

test('a flood stays within 4 MiB, and its end is kept', () => {
  const file = new ConsoleFile(path, { goesOn: false })
  const line = Buffer.alloc(64 * 1024, 'x')
  for (let round = 0; round < 200; round++) {
    file.push(line)
    expect(statSync(path).size).toBeLessThanOrEqual(4 * 1024 ** 2)
  }
  file.push(Buffer.from('the end'))
  expect(readFileSync(path, 'utf8').endsWith('the end')).toBe(true)
  expect(heard(file).text().length).toBeLessThanOrEqual(1024 ** 2)
})

test('a file that cannot be written leaves the console in memory', () => {
  mkdirSync(path)
  const file = new ConsoleFile(path, { goesOn: false })
  file.push(Buffer.from('still heard'))
  expect(heard(file).text()).toBe('still heard')
})
