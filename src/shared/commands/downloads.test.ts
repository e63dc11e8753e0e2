import { expect, test } from 'vitest'
import type { CheckedArgs } from '../contract'
import type { EngineId } from '../model'
import { downloadWords, type Names } from '.'

const engine = 'local' as EngineId
const id = 'a'.repeat(64)
const none: Names = { nameOf: () => undefined, hostOf: () => undefined }
const named: Names = { nameOf: (kind) => `my ${kind}`, hostOf: () => 'unix:///run/x.sock' }

const image = (references: string[]) => ({ what: 'image' as const, engine, references, name: 'web.tar' })
const inside = (what: 'file' | 'folder', kind: 'container' | 'volume', path: string) =>
  ({
    what,
    engine,
    root: { kind, id },
    path,
    name: "it's.conf",
  }) as CheckedArgs<'downloads.prepare'>

test('an image that is saved has its docker save, by its names or its short id', () => {
  expect(downloadWords(image(['web:1']), none)).toEqual({
    kind: 'images.save',
    subject: 'web:1',
    command: 'docker save -o web.tar web:1',
  })
  expect(downloadWords(image(['web:1', 'db:2']), named)).toEqual({
    kind: 'images.save',
    subject: 'web.tar',
    command: 'docker -H unix:///run/x.sock save -o web.tar web:1 db:2',
  })
  expect(downloadWords(image([`sha256:${id}`]), none)?.command).toBe('docker save -o web.tar aaaaaaaaaaaa')
})

test('a file comes out by docker cp, a folder as its tar, and of a volume there is no such command', () => {
  expect(downloadWords(inside('file', 'container', '/etc/a.conf'), none)).toEqual({
    kind: 'files.download',
    subject: 'aaaaaaaaaaaa:/etc/a.conf',
    command: "docker cp -L aaaaaaaaaaaa:/etc/a.conf 'it'\\''s.conf'",
  })
  expect(downloadWords(inside('folder', 'container', '/etc'), named)?.command).toBe(
    "docker -H unix:///run/x.sock cp 'my containers:/etc' - > 'it'\\''s.conf'",
  )
  expect(downloadWords(inside('file', 'volume', '/a'), none)?.command).toBe('')
})

test('what is only looked at stands nowhere', () => {
  const log = { what: 'logs' as const, engine, id, timestamps: false, name: 'web.log' }
  expect(downloadWords(log, none)).toBeUndefined()
})
