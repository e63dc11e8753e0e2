import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chooseModules } from './choose-modules'

const dependencies = `kernel/fs/erofs/erofs.ko.xz: kernel/lib/libcrc32c.ko.xz kernel/crypto/crc32c-intel.ko.xz
kernel/lib/libcrc32c.ko.xz:
kernel/crypto/crc32c-intel.ko.xz:
kernel/net/sched/sch_fq.ko.xz:
kernel/net/sched/sch_htb.ko.xz:
kernel/drivers/not-wanted.ko.xz:
`

test('modules come with what they need, in the order of loading', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'slipway-modules-'))
  await writeFile(join(dir, 'modules.dep'), dependencies)
  await writeFile(join(dir, 'list'), 'erofs initramfs\nnet/sched/\nnot-in-this-kernel # other architecture\n')
  const { files, orders } = await chooseModules(dir, join(dir, 'list'))
  expect(files).toEqual([
    'kernel/crypto/crc32c-intel.ko.xz',
    'kernel/fs/erofs/erofs.ko.xz',
    'kernel/lib/libcrc32c.ko.xz',
    'kernel/net/sched/sch_fq.ko.xz',
    'kernel/net/sched/sch_htb.ko.xz',
  ])
  expect(orders.get('initramfs')).toEqual(['crc32c-intel.ko', 'libcrc32c.ko', 'erofs.ko'])
  await rm(dir, { recursive: true })
})
