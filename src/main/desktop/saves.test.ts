import { EventEmitter } from 'node:events'
import type { Session } from 'electron'
import { expect, test, vi } from 'vitest'
import { AppError } from '../../shared/errors'
import { Saves, type BrokenSave } from './saves'

const urlOf = (name: string): string => `slipway://app/download/${name}`

function following() {
  const session = new EventEmitter()
  const told: BrokenSave[] = []
  const saves = new Saves()
  saves.follow(session as unknown as Session, (broken) => told.push(broken))
  const save = (name: string) => {
    const item = Object.assign(new EventEmitter(), {
      getFilename: () => name,
      getURL: () => urlOf(name),
      cancel: vi.fn(),
    })
    session.emit('will-download', {}, item)
    return item
  }
  return { saves, save, told }
}

test('a save that ends well, or that a person gives up, is not told', () => {
  const { save, told } = following()
  save('a').emit('done', {}, 'completed')
  save('a').emit('done', {}, 'cancelled')
  save('a').emit('updated', {}, 'progressing')
  expect(told).toEqual([])
})

test('one that breaks off is told; one that could be gone on with is given up and told once', () => {
  const { save, told } = following()
  save('a').emit('done', {}, 'interrupted')
  expect(told.map(({ name }) => name)).toEqual(['a'])
  const held = save('b')
  held.emit('updated', {}, 'interrupted')
  held.emit('done', {}, 'cancelled')
  expect(held.cancel).toHaveBeenCalledOnce()
  expect(told.map(({ name }) => name)).toEqual(['a', 'b'])
})

test('one that is cancelled in Activity is given up without a word', () => {
  const { saves, save, told } = following()
  const held = save('a')
  saves.noteFailure(urlOf('a'), new AppError('cancelled', 'Cancelled'))
  held.emit('updated', {}, 'interrupted')
  expect(held.cancel).toHaveBeenCalledOnce()
  held.emit('done', {}, 'cancelled')
  expect(told).toEqual([])
})

test('whether core broke it off or this computer did is told along', () => {
  const { saves, save, told } = following()
  saves.noteFailure(urlOf('a'), new AppError('engine.unreachable', 'gone'))
  save('a').emit('done', {}, 'interrupted')
  save('b').emit('done', {}, 'interrupted')
  expect(told).toEqual([
    { name: 'a', isByCore: true },
    { name: 'b', isByCore: false },
  ])
})
