import * as v from 'valibot'

/** The hypervisors that a machine of ours can run on. */
export const machineBackends = ['qemu', 'hyperkit', 'hyperv'] as const
export type MachineBackend = (typeof machineBackends)[number]

const path = v.pipe(v.string(), v.minLength(1), v.maxLength(4096))
const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max))

/** A folder of the host that stands at the same path in the machine. */
export const shareSchema = v.object({ path, isReadOnly: v.optional(v.boolean(), false) })
export type Share = v.InferOutput<typeof shareSchema>

/** What a person decides about a machine. Kept in the machine's own folder. */
export const machineSettingsSchema = v.object({
  name: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,30}$/)),
  backend: v.picklist(machineBackends),
  cpus: whole(1, 256),
  memoryMiB: whole(512, 1_048_576),
  swapMiB: v.optional(whole(0, 262_144), 0),
  /** Of the data disk. It can grow, never shrink. */
  diskGiB: whole(2, 65_536),
  /** Where the data disk is; absent: the machine's own folder. */
  diskDir: v.optional(path),
  shares: v.optional(v.pipe(v.array(shareSchema), v.maxLength(32)), []),
  /** Name servers; empty: the host's. */
  dns: v.optional(v.pipe(v.array(v.pipe(v.string(), v.ip())), v.maxLength(3)), []),
  proxy: v.optional(
    v.object({
      http: v.optional(v.pipe(v.string(), v.maxLength(2048))),
      https: v.optional(v.pipe(v.string(), v.maxLength(2048))),
      none: v.optional(v.pipe(v.string(), v.maxLength(4096))),
    }),
  ),
  /** PEM files on the host, trusted by the machine's engine beside Debian's own. */
  caFiles: v.optional(v.pipe(v.array(path), v.maxLength(32)), []),
  /** The engine's `daemon.json`, as text so that its writing stays the person's own. */
  daemonJson: v.optional(v.pipe(v.string(), v.maxLength(65_536)), '{}'),
  /** Published ports without an address listen on every address of the host; else on 127.0.0.1 only. */
  isPublishedToLan: v.optional(v.boolean(), false),
  /** Suspends the machine when nothing has run for this long; 0: never. */
  idleMinutes: v.optional(whole(0, 1440), 0),
  startsWithApp: v.optional(v.boolean(), true),
  /** What becomes of it when Slipway quits. */
  onQuit: v.optional(v.picklist(['suspend', 'shutdown', 'keep']), 'suspend'),
})
export type MachineSettings = v.InferOutput<typeof machineSettingsSchema>
