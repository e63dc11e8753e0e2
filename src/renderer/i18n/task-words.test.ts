import { expect, test } from 'vitest'
import { actionNames, downloadKinds } from '../../shared/commands'
import { translate } from '.'
import { taskWords } from './task-words'

test('whatever stands in Activity is said in words', () => {
  const unsaid = [...actionNames, ...downloadKinds].filter((kind) => taskWords(translate, { kind }) === kind)
  expect(unsaid).toEqual([])
})
