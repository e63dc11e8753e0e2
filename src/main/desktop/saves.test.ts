import { EventEmitter } from 'node:events'
import type { Session } from 'electron'
import { expect, test, vi } from 'vitest'
import { followSaves } from './saves'

function following() {
  const session = new EventEmitter()
  const told: string[] = []
  followSaves(session as unknown as Session, (name) => told.push(name))
  const save = (name: string) => {
    const item = Object.assign(new EventEmitter(), { getFilename: () => name, cancel: vi.fn() })
    session.emit('will-download', {}, item)
    return item
  }
  return { save, told }
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
  expect(told).toEqual(['a'])
  const held = save('b')
  held.emit('updated', {}, 'interrupted')
  held.emit('done', {}, 'cancelled')
  expect(held.cancel).toHaveBeenCalledOnce()
  expect(told).toEqual(['a', 'b'])
})
