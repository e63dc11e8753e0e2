import { expect, onTestFinished, test } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { localEngine } from '../../../../testing/window/rows'
import { takeClient } from '../../api'
import { loadImage } from './load-image'

const file = new File(['a tar'], 'some.tar')
const what = { engine: localEngine, name: 'some.tar', sizeBytes: 5 }

function begin() {
  const core = new FakeClient()
  takeClient(core.client)
  const done = loadImage(localEngine, file)
  return { stream: core.stream('images.load'), done }
}
function inDesktop(path: string): void {
  Object.assign(window, { slipwayDesktop: { pathOf: () => path } })
  onTestFinished(() => void Reflect.deleteProperty(window, 'slipwayDesktop'))
}

test('a browser sends the file, and its end', async () => {
  const { stream, done } = begin()
  stream.put({ kind: 'loaded', references: ['a:1'] })
  await done
  expect(stream.args).toEqual(what)
  expect(stream.sent).toEqual([new Uint8Array(Buffer.from('a tar')), { end: true }])
})

test('the desktop app says where the file lies, and sends nothing', async () => {
  inDesktop('/home/me/some.tar')
  const { stream, done } = begin()
  stream.put({ kind: 'loaded', references: ['a:1'] })
  await done
  expect(stream.args).toEqual({ ...what, path: '/home/me/some.tar' })
  expect(stream.sent).toEqual([])
})

test('what lies on no disk is sent by the desktop app, too', async () => {
  inDesktop('')
  const { stream, done } = begin()
  stream.put({ kind: 'loaded', references: ['a:1'] })
  await done
  expect(stream.args).toEqual(what)
  expect(stream.sent).toHaveLength(2)
})
