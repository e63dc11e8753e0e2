import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { World } from '../../../../../testing/fake-powershell/world'
import { asciiJson, PowerShell, PowerShellError, powerShellArgs } from './powershell'

const command = join(import.meta.dirname, '../../../../../testing/fake-powershell/powershell')
let folder: string
let open: PowerShell[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-ps-'))
  World.make(folder)
  open = []
})
afterEach(() => {
  for (const one of open) one.close()
  rmSync(folder, { recursive: true, force: true })
})

function powerShell(mood = '', more: { command?: string; idleMs?: number } = {}): PowerShell {
  const env = { ...process.env, FAKE_HYPERV: mood, FAKE_HYPERV_DIR: folder }
  const one = new PowerShell({ command, env, ...more })
  open.push(one)
  return one
}

const echo = 'param($a)\n@{ said = $a.text }'

test('what a person typed comes back as it was, whatever it means in a script', async () => {
  const shell = powerShell()
  for (const text of [
    `'; Remove-VM -Force; '`,
    '$(Stop-Computer)',
    '`n"',
    '사용자 폴더\\데이터',
    '\u{1F433}\r\n',
  ])
    expect(await shell.run(echo, { text })).toEqual({ said: text })
})

test('requests at the same time are answered one after another, each with its own', async () => {
  const shell = powerShell()
  const texts = ['a', 'b', 'c', 'd']
  expect(await Promise.all(texts.map((text) => shell.run(echo, { text })))).toEqual(
    texts.map((said) => ({ said })),
  )
})

test('what two processes change at the same time is both kept', async () => {
  const [first, second] = [powerShell(), powerShell()]
  await first.run("param($a)\nNew-VM -Name 'm' -Generation 2 -NoVHD -SwitchName '기본 스위치'", {})
  const change = (what: string): string => `param($a)\n$vm = Get-VM -Name 'm'\n${what}`
  const read = change('@{ notes = $vm.Notes; count = $vm.settings.Count }')
  for (let at = 0; at < 30; at++) {
    await Promise.all([
      first.run(change('Set-VM -VM $vm -Notes $a.n'), { n: String(at) }),
      second.run(change('Set-VMProcessor -VM $vm -Count $a.n'), { n: at }),
    ])
    expect(await first.run(read, {})).toEqual({ notes: String(at), count: at })
  }
})

test('a failed cmdlet tells its category, and the next request is answered', async () => {
  const shell = powerShell('forbidden')
  const failure = await shell.run('param($a)\nGet-VMHost', {}).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(PowerShellError)
  expect(failure).toMatchObject({ category: 'PermissionDenied' })
  await expect(shell.run('param($a)\nGet-VM -Nmae x', {})).rejects.toMatchObject({
    category: 'InvalidArgument',
  })
  expect(await shell.run(echo, { text: 'still' })).toEqual({ said: 'still' })
})

test('a request that takes too long is cut, the next one has a new process', async () => {
  const shell = powerShell('hangs')
  await expect(shell.run(echo, { text: '' }, { timeoutMs: 50 })).rejects.toThrow(/took longer/)
  const abort = new AbortController()
  const cut = shell.run(echo, { text: '' }, { signal: abort.signal })
  abort.abort(new Error('no longer wanted'))
  await expect(cut).rejects.toThrow('no longer wanted')
})

test('a PowerShell that ends or is not there fails the request and nothing more', async () => {
  await expect(powerShell('dies').run(echo, {})).rejects.toMatchObject({ id: 'Ended' })
  const none = powerShell('', { command: '/nowhere/powershell.exe' })
  await expect(none.run(echo, {})).rejects.toThrow(/cannot be started/)
  await expect(none.run(echo, {})).rejects.toThrow(/cannot be started/)
})

test('after a while without requests the process has ended, and comes again', async () => {
  const shell = powerShell('', { idleMs: 1 })
  expect(await shell.run(echo, { text: '1' })).toEqual({ said: '1' })
  expect(await shell.run(echo, { text: '2' })).toEqual({ said: '2' })
})

test('the command line of PowerShell', () => {
  expect(powerShellArgs.slice(0, -1).join(' ')).toMatchInlineSnapshot(
    `"-NoLogo -NoProfile -NonInteractive -InputFormat Text -OutputFormat Text -Command"`,
  )
  expect(powerShellArgs.at(-1)).not.toContain('"')
  expect(asciiJson({ a: 'é\u2028"' })).toBe('{"a":"\\u00e9\\u2028\\""}')
})
