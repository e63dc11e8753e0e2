/** The architectures that the image is built for, by Debian's names. */
export const archs = ['amd64', 'arm64'] as const
export type Arch = (typeof archs)[number]

interface ArchFacts {
  /** Debian's name of the folder of libraries. */
  readonly triplet: string
  /** The dynamic loader's place, as programs name it: none of them lists it among its libraries. */
  readonly loader: string
  /** The boot loader for hypervisors that start nothing but EFI programs. */
  readonly efi: string
}

export const archFacts: Record<Arch, ArchFacts> = {
  amd64: {
    triplet: 'x86_64-linux-gnu',
    loader: 'usr/lib64/ld-linux-x86-64.so.2',
    efi: 'usr/lib/systemd/boot/efi/systemd-bootx64.efi',
  },
  arm64: {
    triplet: 'aarch64-linux-gnu',
    loader: 'usr/lib/ld-linux-aarch64.so.1',
    efi: 'usr/lib/systemd/boot/efi/systemd-bootaa64.efi',
  },
}

/** Node's word for this computer, in Debian's. */
export const hostArch = (): Arch => (process.arch === 'arm64' ? 'arm64' : 'amd64')
