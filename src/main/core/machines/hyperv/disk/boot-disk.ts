import { readFile } from 'node:fs/promises'
import { contentOfPieces, type DiskContent } from './disk-content'
import { fat32Pieces, fat32SizeOf } from './fat32'
import { gptDiskSizeOf, gptPieces, partitionOffset } from './gpt'
import { writeVhdx } from './vhdx'

/** Paths on the host of what a machine boots. */
export interface BootFiles {
  /** `systemd-boot`: firmware can start a kernel, but gives it neither a command line nor an initrd. */
  readonly loader: string
  readonly kernel: string
  readonly initrd: string
  /** The cpio with this machine's own settings: the loader puts it behind the initrd. */
  readonly config: string
  readonly commandLine: string
  readonly arch: 'x64' | 'arm64'
}

/** The name that firmware starts from a disk which it has never seen. */
const loaderName = { x64: 'BOOTX64.EFI', arm64: 'BOOTAA64.EFI' } as const

/** No menu, no editor, no entries but ours, and nothing written back to the disk. */
const loaderConf = `timeout 0
default slipway.conf
editor no
auto-entries no
auto-firmware no
random-seed-mode off
`

const entryOf = (commandLine: string): string => `title Slipway
linux /vmlinuz
initrd /initrd.img
initrd /machine.img
options ${commandLine}
`

/** Writes the disk that a UEFI machine boots from, as VHDX. It is made anew for each cold boot. */
export async function writeBootDisk(path: string, files: BootFiles, signal?: AbortSignal): Promise<void> {
  await writeVhdx(path, await bootDiskContent(files), signal)
}

export async function bootDiskContent(boot: BootFiles): Promise<DiskContent> {
  const [loader, kernel, initrd, config] = await Promise.all(
    [boot.loader, boot.kernel, boot.initrd, boot.config].map((path) => readFile(path)),
  )
  const files = new Map<string, Uint8Array>([
    [`EFI/BOOT/${loaderName[boot.arch]}`, loader as Buffer],
    ['loader/loader.conf', Buffer.from(loaderConf)],
    ['loader/entries/slipway.conf', Buffer.from(entryOf(boot.commandLine))],
    ['vmlinuz', kernel as Buffer],
    ['initrd.img', initrd as Buffer],
    ['machine.img', config as Buffer],
  ])
  const partitionBytes = fat32SizeOf(files)
  return contentOfPieces(gptDiskSizeOf(partitionBytes), [
    ...gptPieces(partitionBytes),
    ...fat32Pieces(files, partitionOffset),
  ])
}
