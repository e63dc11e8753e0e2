// Debian packages that machines of our own need on this host, by a program or file of each.

/** To build the image: see docs/vm-image.md. */
export const imagePackages = {
  mmdebstrap: 'mmdebstrap',
  fakeroot: 'fakeroot',
  'mkfs.erofs': 'erofs-utils',
  depmod: 'kmod',
  xz: 'xz-utils',
  // The agent is in the image.
  go: 'golang-go',
  '/usr/share/keyrings/debian-archive-keyring.gpg': 'debian-archive-keyring',
}

/** To run it. */
export const machinePackages =
  process.arch === 'arm64'
    ? { 'qemu-system-aarch64': 'qemu-system-arm', 'qemu-img': 'qemu-utils' }
    : { 'qemu-system-x86_64': 'qemu-system-x86', 'qemu-img': 'qemu-utils' }
