import { expect, test } from 'vitest'
import { RowHeights } from './row-heights'
import { SeqList } from './seq-list'

test('places agree with a plain sum, through growth, drops and corrections', () => {
  const heights = new RowHeights()
  let plain: number[] = []
  let state = 7
  const draw = (below: number): number => (state = (state * 1103515245 + 12345) % 2147483648) % below
  for (let round = 0; round < 400; round++) {
    for (let i = draw(60); i > 0; i--) {
      const height = 10 + draw(30)
      heights.push(height)
      plain.push(height)
    }
    const gone = draw(Math.min(30, plain.length + 1))
    expect(heights.dropHead(gone)).toBe(plain.slice(0, gone).reduce((sum, height) => sum + height, 0))
    plain = plain.slice(gone)
    if (plain.length === 0) continue
    const at = draw(plain.length)
    heights.set(at, 55)
    plain[at] = 55
    const before = plain.slice(0, at).reduce((sum, height) => sum + height, 0)
    expect(heights.offsetOf(at)).toBe(before)
    expect(heights.indexAt(before)).toBe(at)
    expect(heights.indexAt(before + 54)).toBe(at)
  }
  expect(heights.length).toBe(plain.length)
  expect(heights.total).toBe(plain.reduce((sum, height) => sum + height, 0))
})

test('places outside are the nearest row', () => {
  const heights = new RowHeights()
  expect(heights.indexAt(10)).toBe(0)
  heights.push(10)
  heights.push(10)
  expect(heights.indexAt(-5)).toBe(0)
  expect(heights.indexAt(1000)).toBe(1)
  expect(heights.set(9, 1)).toBe(0)
})

test('a list of numbers finds and forgets', () => {
  const list = new SeqList()
  for (let i = 0; i < 10_000; i++) list.push(i * 2)
  expect(list.has(400)).toBe(true)
  expect(list.has(401)).toBe(false)
  expect(list.dropBefore(10_001)).toBe(5001)
  expect(list.at(0)).toBe(10_002)
  expect(list.length).toBe(4999)
  expect(list.firstAtOrAfter(99_999)).toBe(4999)
})
