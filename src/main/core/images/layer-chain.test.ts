import { expect, test } from 'vitest'
import { joinHistory, type RawHistory } from './layer-chain'

const line = (CreatedBy: string, Size = 0): RawHistory => ({
  Id: '<missing>',
  Created: 1_700_000_000,
  CreatedBy,
  Size,
  Comment: '',
  Tags: null,
})
const shape = (oldestFirst: RawHistory[], diffIds: string[]) =>
  joinHistory(oldestFirst.toReversed(), diffIds).map(({ isEmpty, diffId }) =>
    isEmpty ? '-' : (diffId ?? '?'),
  )

test('lines with bytes are layers, settings are not', () => {
  const lines = [
    line('/bin/sh -c #(nop) ADD file:1 in /', 10),
    line('/bin/sh -c #(nop)  CMD ["sh"]'),
    line('RUN apk add curl # buildkit', 5),
    line('ENV A=1'),
  ]
  expect(shape(lines, ['a', 'b'])).toEqual(['a', '-', 'b', '-'])
})

test('a command that wrote nothing is a layer all the same', () => {
  expect(shape([line('COPY . / # buildkit', 9), line('RUN true'), line('CMD ["x"]')], ['a', 'b'])).toEqual([
    'a',
    'b',
    '-',
  ])
})

test('a WORKDIR is a layer only when one is missing', () => {
  const lines = [line('COPY . /', 9), line('WORKDIR /app'), line('RUN make', 3)]
  expect(shape(lines, ['a', 'b', 'c'])).toEqual(['a', 'b', 'c'])
  expect(shape(lines, ['a', 'c'])).toEqual(['a', '-', 'c'])
})

test('where the engine leaves a choice, what is between gets no id rather than a wrong one', () => {
  const lines = [
    line('COPY a /', 1),
    line('WORKDIR /a'),
    line('RUN x', 2),
    line('WORKDIR /b'),
    line('RUN y', 3),
  ]
  expect(shape(lines, ['a', 'b', 'c', 'd'])).toEqual(['a', '?', '?', '-', 'd'])
})

test('an imported image is one layer without a command', () => {
  expect(shape([line('', 100)], ['a'])).toEqual(['a'])
})

test('history that does not fit the layers gets no ids', () => {
  expect(shape([line('RUN a', 1), line('RUN b', 2)], ['squashed'])).toEqual(['?', '?'])
  expect(joinHistory([], ['a'])).toEqual([])
})

test('the oldest line comes first', () => {
  const lines = joinHistory([line('new', 1), line('old', 2)], ['a', 'b'])
  expect(lines.map(({ index, command, createdAtMs }) => [index, command, createdAtMs])).toEqual([
    [0, 'old', 1_700_000_000_000],
    [1, 'new', 1_700_000_000_000],
  ])
})
