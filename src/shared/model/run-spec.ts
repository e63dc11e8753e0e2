import * as v from 'valibot'

/**
 * What a person asks for when they run a container: the fields of `docker run`, in its own words.
 * One value serves the form, the `docker run` text, and the engine's create call.
 */
const text = (max = 4096) => v.pipe(v.string(), v.maxLength(max))
const word = (max = 1024) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(max))
const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535))
const pairs = v.array(v.object({ name: word(), value: text(131_072) }))
const words = v.array(word(4096))

export const portSpecSchema = v.object({
  containerPort: port,
  /** Absent: the engine picks a free one. */
  hostPort: v.optional(port),
  hostIp: v.optional(text(64)),
  protocol: v.optional(v.picklist(['tcp', 'udp', 'sctp']), 'tcp'),
})

export const mountSpecSchema = v.object({
  type: v.picklist(['bind', 'volume', 'tmpfs']),
  /** A host path, a volume's name, or empty for an anonymous volume and for tmpfs. */
  source: v.optional(text(), ''),
  target: v.pipe(v.string(), v.startsWith('/'), v.maxLength(4096)),
  readOnly: v.optional(v.boolean(), false),
  tmpfsBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
})

export const healthSpecSchema = v.object({
  /** A shell command, as `--health-cmd` takes it. Empty with `disable`. */
  command: text(),
  intervalS: v.optional(v.pipe(v.number(), v.minValue(0))),
  timeoutS: v.optional(v.pipe(v.number(), v.minValue(0))),
  startPeriodS: v.optional(v.pipe(v.number(), v.minValue(0))),
  retries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  disable: v.optional(v.boolean(), false),
})

export const restartSchema = v.object({
  policy: v.picklist(['no', 'always', 'unless-stopped', 'on-failure']),
  maxRetries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
})

export const runSpecSchema = v.object({
  image: word(1024),
  name: v.optional(v.pipe(v.string(), v.regex(/^([a-zA-Z0-9][a-zA-Z0-9_.-]+)?$/), v.maxLength(255)), ''),
  command: v.optional(v.array(text(131_072)), []),
  /** Absent: the image's own. An empty list clears it. */
  entrypoint: v.optional(v.array(text(131_072))),
  env: v.optional(pairs, []),
  ports: v.optional(v.array(portSpecSchema), []),
  publishAll: v.optional(v.boolean(), false),
  mounts: v.optional(v.array(mountSpecSchema), []),
  network: v.optional(text(255), ''),
  networkAliases: v.optional(words, []),
  hostname: v.optional(text(255), ''),
  restart: v.optional(restartSchema, { policy: 'no' }),
  autoRemove: v.optional(v.boolean(), false),
  user: v.optional(text(255), ''),
  workdir: v.optional(text(), ''),
  tty: v.optional(v.boolean(), false),
  stdin: v.optional(v.boolean(), false),
  init: v.optional(v.boolean(), false),
  memoryBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  cpus: v.optional(v.pipe(v.number(), v.minValue(0))),
  shmBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  labels: v.optional(pairs, []),
  health: v.optional(healthSpecSchema),
  privileged: v.optional(v.boolean(), false),
  readOnly: v.optional(v.boolean(), false),
  capAdd: v.optional(words, []),
  capDrop: v.optional(words, []),
  securityOpt: v.optional(words, []),
  /** `/dev/host[:/dev/container[:rwm]]`, as `--device` takes it. */
  devices: v.optional(words, []),
  /** `name:address`, as `--add-host` takes it. */
  extraHosts: v.optional(words, []),
  dns: v.optional(words, []),
  stopSignal: v.optional(text(32), ''),
  stopTimeoutS: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  platform: v.optional(text(64), ''),
  detach: v.optional(v.boolean(), true),
})

export type RunSpec = v.InferOutput<typeof runSpecSchema>
/** How a container was made. */
export interface MadeLike {
  readonly spec: RunSpec
  /** What the spec does not hold, as `docker run` says it: each a flag and its value, or a flag alone. */
  readonly flags: readonly (readonly string[])[]
  /** Those that it joined besides the spec's: `docker network connect` joins them. */
  readonly networks: readonly string[]
}
export type PortSpec = v.InferOutput<typeof portSpecSchema>
export type MountSpec = v.InferOutput<typeof mountSpecSchema>
export type HealthSpec = v.InferOutput<typeof healthSpecSchema>

/** A spec of one image and defaults for all else. */
export const emptyRunSpec = (image: string): RunSpec => ({
  ...v.parse(runSpecSchema, { image: image || 'x' }),
  image,
})
