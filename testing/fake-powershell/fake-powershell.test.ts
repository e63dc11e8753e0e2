import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkArguments } from './arguments'
import { CmdletError, Evaluator } from './evaluate'
import { parse } from './parse'
import { cmdletsOf } from './run-cmdlet'
import { World } from './world'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-ps-'))
  World.make(folder)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const run = (script: string, data: unknown = {}): Promise<unknown[]> =>
  new Evaluator(data, cmdletsOf(new World(folder), '')).run(parse(`param($a)\n${script}`))

const refusal = (script: string, data: unknown = {}): Promise<string> =>
  run(script, data).then(
    () => 'taken',
    (error: unknown) => (error instanceof CmdletError ? `${error.category} ${error.message}` : String(error)),
  )

const newVm = "$vm = New-VM -Name 'm' -Generation 2 -NoVHD -SwitchName '기본 스위치'\n"

test('the command line is read as Windows PowerShell reads it', () => {
  const loop = ['-Command', 'while ($null -ne ($l = [Console]::In.ReadLine())) { }']
  expect(checkArguments(['-NoLogo', '-nop', '-InputFormat', 'text', ...loop])).toBeUndefined()
  expect(checkArguments(['-NoProfil3', ...loop])).toContain('is not recognized')
  expect(checkArguments(['-InputFormat', 'JSON', ...loop])).toContain('is not correct')
  expect(checkArguments(['-NoLogo'])).toContain('-Command is missing')
  expect(checkArguments(['-Command', 'a', 'b'])).toContain('pass one')
  expect(checkArguments(['-Command', '[Console]::In.ReadLine(); "x"'])).toContain('double quote')
})

test('values, members, tables and lists come out as PowerShell makes them', async () => {
  expect(
    await run('@{ n = $a.deep.n; none = $a.nothing; text = [string]$a.deep.n }', { deep: { n: 7 } }),
  ).toEqual([{ n: 7, none: null, text: '7' }])
  expect(await run("$x = 'it''s'; @{ x = $x; is = ($null -ne $x) }")).toEqual([{ x: "it's", is: true }])
  // A list stays one in a table, also with one thing or none in it.
  expect(
    await run('@{ l = @($a.one | ForEach-Object { @{ v = $_ } }); e = @($a.none) }', { one: [1], none: [] }),
  ).toEqual([{ l: [{ v: 1 }], e: [] }])
})

test('what is joined stands in brackets: in a command a `+` is a word of its own', async () => {
  expect(await run("@{ x = ('a ' + $a.n + ' b') }", { n: 7 })).toEqual([{ x: 'a 7 b' }])
  expect(() => parse("param($a)\nStart-Process -FilePath x -ArgumentList 'a ' + $a.n")).toThrow(
    /Unexpected token '\+'/,
  )
  expect(await refusal('Start-Process powershell')).toContain('name each parameter')
  expect(await refusal("Start-Process -FilePath ('x' + [No.Such]::GetCurrent().Name)")).toContain(
    'Unable to find [No.Such]::GetCurrent().Name',
  )
})

test('what is no part of the language is a parse error, and text never takes in data', () => {
  expect(() => parse('Get-VM')).toThrow(/missing 'param'/)
  expect(() => parse('param($a)\nGet-VM -Name "x $a"')).toThrow(/Unexpected token '"x/)
  expect(() => parse('param($a)\n@{ a = 1')).toThrow(/end of the statement/)
  expect(() => parse('param($a)\nif ($a) { }')).toThrow()
})

test('a cmdlet takes the parameters that it is documented with, and no others', async () => {
  expect(await refusal('Get-Vms')).toContain('is not recognized as the name of a cmdlet')
  expect(await refusal(`${newVm}Set-VM -VM $vm -Cpus 2`)).toContain("matches parameter name 'Cpus'")
  expect(await refusal(`${newVm}Set-VMComPort -VM $vm -Path 'x'`)).toContain(
    'missing mandatory parameters: *-Number=',
  )
  expect(await refusal(`${newVm}Set-VM -VM $vm -CheckpointType None`)).toContain("'None' is none of Disabled")
  expect(await refusal(`${newVm}Stop-VM -VM $vm -TurnOff $true`)).toContain('is a switch')
  expect(await refusal(`${newVm}Set-VM -VM $vm -Notes`)).toContain('Missing an argument')
  expect(await refusal(`${newVm}Set-VM -VM $vm -Notes $a.nothing`)).toContain('because it is null')
  expect(await refusal("New-VM -Name 'm' -NoVHD -VHDPath 'x.vhdx'")).toContain(
    'Parameter set cannot be resolved',
  )
})

test('a VM refuses what Hyper-V refuses', async () => {
  writeFileSync(join(folder, 'd.raw'), '')
  const data = { raw: join(folder, 'd.raw'), none: join(folder, 'no.vhdx') }
  const add = (path: string): string =>
    `${newVm}Add-VMHardDiskDrive -VM $vm -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 0 -Path ${path}`
  expect(await refusal(add('$a.raw'), data)).toContain('is no virtual hard disk')
  expect(await refusal(add('$a.none'), data)).toContain('cannot find')
  expect(await refusal(`${newVm}Set-VMComPort -VM $vm -Number 1 -Path '/tmp/pipe'`)).toContain(
    'no named pipe',
  )
  expect(await refusal(`${newVm}Start-VM -VM $vm`)).toContain('not signed for Secure Boot')
  expect(await refusal(`${newVm}Remove-VM -VM $vm`)).toContain('NonInteractive')
  expect(await refusal("Get-VM -Name 'nobody'")).toContain('unable to find')
  expect(await run("@{ vms = @(Get-VM -Name 'nobody' -ErrorAction SilentlyContinue) }")).toEqual([
    { vms: [] },
  ])
})

test('a failure inside of try is not one', async () => {
  expect(await run("try { Get-VM -Name 'nobody' } catch { }\n@{ ok = $true }")).toEqual([{ ok: true }])
})
