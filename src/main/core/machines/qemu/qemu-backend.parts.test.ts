import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findQemu, type QemuPlace } from './probe'
import { QemuBackend } from './qemu-backend'

let dir: string
const never = new AbortController().signal
const stopped = new Error('stopped')

/**
 * A QEMU whose better accelerator answers as soon as there is a file `ready`, and falls over at the first instruction
 * of its guest while there is `falls`; none works while there is `broken`.
 */
const program = (): string => `#!/bin/sh
cd ${JSON.stringify(dir)}
case "$*" in
  --version) echo 'QEMU emulator version 7.2.0'; exit ;;
  '-device help') echo 'name "virtio-balloon-pci", bus PCI'; exit ;;
esac
echo "$*" >> tries
[ ! -e broken ] || { echo 'it is broken' >&2; exit 1; }
case "$*" in *'-accel hvf'*) while [ ! -e ready ]; do [ -e program ] || exit 1; sleep 0.02; done ;; esac
say() { echo "{\\"return\\": {\\"status\\": \\"$1\\"}, \\"id\\": \\"$2\\"}"; }
while read -r line; do
  case "$line $*" in
    *started*) say running started ;;
    *settled*'-accel hvf'*) [ -e falls ] && say internal-error settled || say running settled ;;
    *settled*) say running settled ;;
  esac
done
`

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-qemu-probe-'))
  await writeFile(join(dir, 'program'), '')
  await writeFile(join(dir, 'qemu-system-x86_64'), program())
  await chmod(join(dir, 'qemu-system-x86_64'), 0o755)
})
afterEach(() => rm(dir, { recursive: true, force: true }))

/** Not kvm: that one is asked for its device too, which not every computer has. */
const place = (): QemuPlace => ({
  ...{ platform: 'linux', arch: 'x64', env: { PATH: dir } },
  accelerators: ['hvf', 'tcg'],
})
const put = (name: string): Promise<void> => writeFile(join(dir, name), '')
const tries = async (): Promise<string[]> =>
  (await readFile(join(dir, 'tries'), 'utf8').catch(() => '')).split('\n').filter(Boolean)
const isTried = () => expect.poll(tries).toHaveLength(1)

// A fallback that nobody fell back to changes the key of a suspended state, and the state would be thrown away.
test('a probe that its asker gave up does not end in the worse accelerator', async () => {
  const backend = new QemuBackend(place())
  const stop = new AbortController()
  const first = backend.probe(stop.signal)
  first.catch(() => undefined)
  await isTried()
  stop.abort(stopped)
  await expect(first).rejects.toBe(stopped)
  await put('ready')
  const { accelerator } = await backend.probe(never)
  expect(accelerator).toEqual({ name: 'hvf', isEmulated: false })
})

test('who joined a probe gets its answer although the first asker gave up', async () => {
  const backend = new QemuBackend(place())
  const stop = new AbortController()
  const first = backend.probe(stop.signal)
  first.catch(() => undefined)
  await isTried()
  const second = backend.probe(never)
  stop.abort(stopped)
  await expect(first).rejects.toBe(stopped)
  await put('ready')
  expect((await second).accelerator).toEqual({ name: 'hvf', isEmulated: false })
  expect(await tries()).toHaveLength(1)
})

test('a probe that failed is not kept', async () => {
  const backend = new QemuBackend(place())
  await put('ready')
  await put('broken')
  expect(await backend.probe(never)).toMatchObject({
    isAvailable: false,
    reason: 'hvf: it is broken; tcg: it is broken',
  })
  await rm(join(dir, 'broken'))
  expect((await backend.probe(never)).accelerator?.name).toBe('hvf')
})

// Nothing would tell of it before the first boot, and that one would choose it again.
test('an accelerator whose processor falls over at once is not taken', async () => {
  await put('ready')
  await put('falls')
  const { accelerator } = await new QemuBackend(place()).probe(never)
  expect(accelerator).toEqual({
    ...{ name: 'tcg', isEmulated: true },
    because: 'hvf: its processor does not run: internal-error',
  })
  const [first] = await tries()
  expect(first).toContain('-machine q35,vmport=off,graphics=off')
  expect(first?.split(' ')).not.toContain('-S')
})

test('a search that is cancelled tries no other accelerator', async () => {
  const stop = new AbortController()
  const search = findQemu(place(), stop.signal)
  search.catch(() => undefined)
  await isTried()
  stop.abort(stopped)
  await expect(search).rejects.toBe(stopped)
  expect(await tries()).toHaveLength(1)
})

test('a search that is cancelled before it begins starts no VM', async () => {
  await expect(findQemu(place(), AbortSignal.abort(stopped))).rejects.toBe(stopped)
  expect(await tries()).toEqual([])
})
