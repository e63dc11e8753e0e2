export type Arch = 'x64' | 'arm64'

/** On every machine: nothing that costs time at a boot and nothing that trades safety for it. */
const always = [
  'quiet',
  // Emergencies only. Not 0: a kernel that was told to say nothing also panics without a word.
  'loglevel=1',
  // A panic is seen at once: the guest resets, and `-no-reboot` makes that the end of the process.
  'panic=-1',
  'audit=0',
  'lsm=capability',
  'cryptomgr.notests',
  'rcupdate.rcu_expedited=1',
  'random.trust_cpu=on',
]

const x64 = ['console=ttyS0', '8250.nr_uarts=1', 'i8042.nokbd', 'i8042.noaux', 'i8042.nopnp', 'i8042.dumbkbd']

const arm64 = ['console=ttyAMA0']

/** An emulated processor has none of the leaks, and every check costs it twice. */
const emulated = ['mitigations=off', 'nokaslr', 'nowatchdog']
/** Its timer may be late on a busy host: the kernel must not take that for a broken clock. */
const emulatedX64 = [
  'tsc=reliable',
  'no_timer_check',
  // QEMU 7.2 has been seen to break `cmpxchg16b` when several processors are emulated at once, and the kernel's
  // allocator panicked behind it. The kernel does without; programs still find it, as many images need it.
  'clearcpuid=cx16',
]

/** The kernel's command line. */
export function kernelArgs({ arch, isEmulated }: { arch: Arch; isEmulated: boolean }): string {
  return [
    ...(arch === 'x64' ? x64 : arm64),
    ...always,
    ...(isEmulated ? emulated : []),
    ...(isEmulated && arch === 'x64' ? emulatedX64 : []),
  ].join(' ')
}
