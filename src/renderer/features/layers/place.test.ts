import { expect, test } from 'vitest'
import { comparePath, imagePath, readPlace, writePlace } from './place'

test('a place survives its address, whatever the path is', () => {
  const place = { layer: 3, view: 'layer', show: 'waste', path: '/a b/?&#=%\\x80', tab: 'versions' } as const
  expect(readPlace(writePlace(place).slice(1))).toEqual(place)
})

test('what is usual is not written', () => {
  expect(writePlace(readPlace(''))).toBe('')
})

test('nonsense in an address is as nothing', () => {
  expect(readPlace('layer=-1&view=x&show=y&path=etc&file=z')).toEqual(readPlace(''))
})

test('ids are one part of a path each', () => {
  const ref = { engine: 'ssh/a' as never, id: 'sha256:1' }
  expect(imagePath(ref)).toBe('/images/ssh%2Fa/sha256%3A1')
  expect(comparePath(ref, ref)).toBe('/images/compare/ssh%2Fa/sha256%3A1/ssh%2Fa/sha256%3A1')
})
