import { expect, test } from 'vitest'
import { MarkReader, readLine, type Said } from './marks'

test.each([
  ['slipway: init 1.85', { kind: 'mark', mark: 'init', uptimeS: 1.85 }],
  ['[    0.1] noise slipway: sshd 2.3', { kind: 'mark', mark: 'sshd', uptimeS: 2.3 }],
  ['slipway: fault oom mysqld', { kind: 'fault', fault: 'oom', details: 'mysqld' }],
  ['slipway: fault disk-full 1024', { kind: 'fault', fault: 'disk-full', details: '1024' }],
  ['[ 9.1] Kernel panic - not syncing: x', { kind: 'panic', line: '[ 9.1] Kernel panic - not syncing: x' }],
  ['slipway: nonsense 1', undefined],
  ['slipway: init soon', undefined],
  ['slipway: fault nonsense', undefined],
  ['hello', undefined],
])('%j', (line, said) => {
  expect(readLine(line)).toEqual(said)
})

test('a console that comes in pieces of any size says the same', () => {
  const text = Buffer.from('BIOS\r\nslipway: init 1.0\r\nx\nslipway: fault oom a b\r\nslipway: engine 9')
  for (let size = 1; size < 20; size++) {
    const said: Said[] = []
    const reader = new MarkReader((each) => said.push(each))
    for (let at = 0; at < text.length; at += size) reader.push(text.subarray(at, at + size))
    reader.push(Buffer.from('\n'))
    expect(said.map((each) => (each.kind === 'mark' ? each.mark : each.kind))).toEqual([
      'init',
      'fault',
      'engine',
    ])
  }
})

test('a line without an end takes no more memory than a line may', () => {
  const said: Said[] = []
  const reader = new MarkReader((each) => said.push(each))
  for (let n = 0; n < 1000; n++) reader.push(Buffer.alloc(10_000, 120))
  reader.push(Buffer.from('\nslipway: init 1\n'))
  expect(said).toHaveLength(1)
})
