import { expect, test } from 'vitest'
import { randomLayers, randomOf } from '../../../../../testing/layers/random-image'
import { rawTar, type RawEntry } from '../../../../../testing/layers/raw-tar'
import { AppError } from '../../../../shared/errors'
import { LayerBuilder } from '../tree/layer-builder'
import type { LayerContent, LayerNode } from '../tree/layer-node'
import { fromAgent, nameText } from '../tree/name-text'
import { readTar } from '../../platform/tar/read-tar'
import { asImageFault } from './damaged-image'
import { readArchive } from './read-archive'

async function* chunked(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size))
}

async function layerOf(bytes: Buffer, size = 4096): Promise<LayerContent> {
  const builder = new LayerBuilder()
  for await (const { header } of readTar(chunked(bytes, size))) builder.add(header)
  return builder.finish()
}

const names = ({ children }: LayerNode): string[] => [...(children?.keys() ?? [])]
const entry = (name: string, flag: RawEntry['flag'] = '0', more: Partial<RawEntry> = {}): RawEntry => ({
  ...{ name: Buffer.from(name), flag },
  ...more,
})

test('a tar reads the same in whatever pieces it comes', async () => {
  const bytes = rawTar(randomLayers(7, 1, 60)[0] ?? [])
  const whole = await layerOf(bytes, bytes.length)
  for (const size of [1, 511, 512, 513, 10_000]) expect(await layerOf(bytes, size)).toEqual(whole)
})

test('nothing leaves the root: not by name, not by link', async () => {
  const { root, refused } = await layerOf(
    rawTar([
      entry('../../etc/passwd'),
      entry('a/../../b'),
      entry('/absolute'),
      entry('./inside/../kept'),
      entry('hard', '1', { link: Buffer.from('../../etc/shadow') }),
      entry('none', '1', { link: Buffer.from('not-there') }),
      entry('link', '2', { link: Buffer.from('../../../etc/passwd') }),
      entry('link/below'),
    ]),
  )
  expect(names(root)).toEqual(['absolute', 'kept', 'link'])
  expect(refused).toBe(5)
  expect(root.children?.get('link')?.more?.link).toBe('../../../etc/passwd')
})

test('names keep every byte', async () => {
  const odd = [
    Buffer.from([0x61, 0xff, 0x5c]),
    Buffer.from('a\nb'),
    Buffer.from('\u202eabc'),
    Buffer.from('\\x41'),
  ]
  const { root } = await layerOf(rawTar(odd.map((name) => ({ name, flag: '0' }))))
  expect(names(root)).toEqual(['a\\xff\\x5c', 'a\nb', '\u202eabc', '\\x5cx41'])
  expect(nameText(Buffer.from([0xed, 0xa0, 0x80, 0xea, 0xb0, 0x80]))).toBe('\\xed\\xa0\\x80가')
  expect([fromAgent('a\\b', false), fromAgent('a\\xff', true)]).toEqual(['a\\x5cb', 'a\\xff'])
})

test('a deep trap is cut where the agent cuts it', async () => {
  const deep = entry(`${'d/'.repeat(10_000)}f`)
  const { root, entries } = await layerOf(rawTar([deep, deep]))
  expect(entries).toBe(501)
  let at: LayerNode | undefined = root
  for (let depth = 0; depth < 501; depth++) at = at?.children?.get('d')
  expect(at?.more?.isCut).toBe(true)
})

test('devices, setuid and pipes are told and never made', async () => {
  const { root } = await layerOf(
    rawTar([
      entry('null', '3', { device: [1, 3] }),
      entry('disk', '4', { device: [8, 0] }),
      entry('pipe', '6'),
      entry('su', '0', { mode: 0o4755, xattrs: { 'security.capability': 'x', 'security.selinux': 'y' } }),
      entry('gone', '3', { device: [0, 0] }),
    ]),
  )
  expect([...(root.children?.values() ?? [])].map(({ kind }) => kind)).toEqual([
    ...['char-device', 'block-device', 'pipe', 'file', 'removed'],
  ])
  expect(root.children?.get('su')).toMatchObject({ mode: 0o4755, more: { xattrs: ['security.capability'] } })
})

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'none'
  } catch (thrown) {
    const error = asImageFault(thrown)
    // What is no AppError would be our bug.
    if (!(error instanceof AppError)) throw error
    return error.code
  }
}

test('what ends too early, claims too much or is no tar is damaged', async () => {
  const whole = rawTar([entry('a', '0', { data: Buffer.alloc(5000) })])
  expect(await codeOf(layerOf(whole.subarray(0, 3000)))).toBe('image.damaged')
  expect(await codeOf(layerOf(whole.subarray(0, 300)))).toBe('image.damaged')
  expect(await codeOf(layerOf(Buffer.from('x'.repeat(2000))))).toBe('image.damaged')
  const long = rawTar([entry('n'.repeat(2_000_000))])
  expect(await codeOf(layerOf(long))).toBe('image.damaged')
})

test('damaged tars end with a clear word, whatever is wrong with them', async () => {
  const random = randomOf(42)
  const { signal } = new AbortController()
  const good = rawTar(randomLayers(11, 1, 40)[0] ?? [])
  const archive = rawTar([
    entry('manifest.json', '0', { data: Buffer.from('[{"Config":"c.json","Layers":["l/layer.tar"]}]') }),
    entry('c.json', '0', { data: Buffer.from('{"rootfs":{"diff_ids":["sha256:1"]}}') }),
    entry('l/layer.tar', '0', { data: good }),
  ])
  expect((await readArchive(chunked(archive, 4096), { signal })).contents).toHaveLength(1)
  for (let round = 0; round < 1500; round++) {
    const bytes = Buffer.from(round % 2 === 0 ? good : archive)
    for (let n = 1 + random(6); n > 0; n--) {
      // Mostly headers are hit: sums of what is changed are mended half of the time, so that it is believed.
      const at = random(bytes.length / 512) * 512
      bytes[at + random(512)] = random(256)
      if (random(2) === 0) mend(bytes.subarray(at, at + 512))
    }
    const work = round % 2 === 0 ? layerOf(bytes) : readArchive(chunked(bytes, 4096), { signal })
    expect(['none', 'image.damaged', 'engine.unsupported']).toContain(await codeOf(work))
  }
}, 120_000)

function mend(block: Buffer): void {
  block.write('        ', 148)
  const sum = block.reduce((all, byte) => all + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
}
