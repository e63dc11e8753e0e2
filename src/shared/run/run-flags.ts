import { parseMount, parseTmpfs, parseVolume } from './mount-text'
import { parsePublish } from './publish'
import type { Draft, Report } from './run-problem'
import { splitCsv } from './mount-text'
import { parseDuration, parseSize } from './units'

/** Reads one flag's value into the draft. */
export type ValueFlag = (draft: Draft, value: string, report: Report) => void
export type BoolFlag = (draft: Draft, value: boolean) => void

type Health = NonNullable<Draft['health']>
const health = (draft: Draft): Health => (draft.health ??= { command: '', disable: false })

const setText =
  (key: 'name' | 'hostname' | 'user' | 'workdir' | 'stopSignal' | 'platform'): ValueFlag =>
  (draft, value) => {
    draft[key] = value
  }

const addWord =
  (key: 'capAdd' | 'capDrop' | 'securityOpt' | 'devices' | 'dns' | 'networkAliases'): ValueFlag =>
  (draft, value) => {
    draft[key] = [...draft[key], value]
  }

const setSize =
  (key: 'memoryBytes' | 'shmBytes', flag: string): ValueFlag =>
  (draft, value, report) => {
    const bytes = parseSize(value)
    if (bytes === undefined) report('bad-value', { flag, value })
    else draft[key] = bytes
  }

const setHealthTime =
  (key: 'intervalS' | 'timeoutS' | 'startPeriodS', flag: string): ValueFlag =>
  (draft, value, report) => {
    const seconds = parseDuration(value)
    if (seconds === undefined) report('bad-value', { flag, value })
    else health(draft)[key] = seconds
  }

const whole = (text: string): number | undefined => {
  const number = Number(text)
  return /^\d+$/.test(text) && Number.isSafeInteger(number) ? number : undefined
}

const split = (text: string): { name: string; value: string | undefined } => {
  const equals = text.indexOf('=')
  return equals < 0
    ? { name: text, value: undefined }
    : { name: text.slice(0, equals), value: text.slice(equals + 1) }
}

const env: ValueFlag = (draft, text, report) => {
  const { name, value } = split(text)
  if (name === '') report('bad-value', { flag: '--env', value: text })
  else if (value === undefined) report('env-from-shell', { name })
  else draft.env = [...draft.env, { name, value }]
}

const label: ValueFlag = (draft, text, report) => {
  const { name, value = '' } = split(text)
  if (name === '') report('bad-value', { flag: '--label', value: text })
  else draft.labels = [...draft.labels, { name, value }]
}

const publish: ValueFlag = (draft, value, report) => {
  const ports = parsePublish(value)
  if (ports) draft.ports = [...draft.ports, ...ports]
  else report('bad-value', { flag: '--publish', value })
}

const mount =
  (parse: typeof parseMount): ValueFlag =>
  (draft, value, report) => {
    const parsed = parse(value, report)
    if (parsed) draft.mounts = [...draft.mounts, parsed]
  }

const restart: ValueFlag = (draft, value, report) => {
  const [policy, count] = value.split(':') as [string, string | undefined]
  const maxRetries = count === undefined ? undefined : whole(count)
  const isCounted = policy === 'on-failure' && maxRetries !== undefined
  if (policy !== 'no' && policy !== 'always' && policy !== 'unless-stopped' && policy !== 'on-failure')
    report('bad-value', { flag: '--restart', value })
  else if (count !== undefined && !isCounted) report('bad-value', { flag: '--restart', value })
  else draft.restart = isCounted ? { policy, maxRetries } : { policy }
}

/** `--network name` or `--network name=web,alias=db`: the second network of a line has no place in a spec. */
const network: ValueFlag = (draft, value, report) => {
  if (draft.network !== '') return report('flag-not-kept', { flag: '--network', value })
  if (!value.includes('=')) return void (draft.network = value)
  for (const field of splitCsv(value).map(split)) {
    if (field.name === 'name') draft.network = field.value ?? ''
    else if (field.name === 'alias') draft.networkAliases = [...draft.networkAliases, field.value ?? '']
    else report('option-not-kept', { flag: '--network', option: field.name })
  }
}

const cpus: ValueFlag = (draft, value, report) => {
  const number = Number(value)
  if (/^(\d+\.?\d*|\.\d+)$/.test(value) && Number.isFinite(number)) draft.cpus = number
  else report('bad-value', { flag: '--cpus', value })
}

const healthRetries: ValueFlag = (draft, value, report) => {
  const retries = whole(value)
  if (retries === undefined) report('bad-value', { flag: '--health-retries', value })
  else health(draft).retries = retries
}

const stopTimeout: ValueFlag = (draft, value, report) => {
  const seconds = whole(value)
  if (seconds === undefined) report('bad-value', { flag: '--stop-timeout', value })
  else draft.stopTimeoutS = seconds
}

/** `--add-host name:address`; newer docker writes `name=address`. */
const addHost: ValueFlag = (draft, value, report) => {
  const found = /^([^:=]+)[:=](.+)$/.exec(value)
  if (!found) return report('bad-value', { flag: '--add-host', value })
  draft.extraHosts = [...draft.extraHosts, `${found[1]}:${found[2]?.replace(/^\[(.*)\]$/, '$1')}`]
}

export const valueFlags: Readonly<Record<string, ValueFlag>> = {
  'add-host': addHost,
  'cap-add': addWord('capAdd'),
  'cap-drop': addWord('capDrop'),
  cpus,
  device: addWord('devices'),
  dns: addWord('dns'),
  entrypoint: (draft, value) => {
    draft.entrypoint = value === '' ? [] : [value]
  },
  env,
  'env-file': (_draft, path, report) => report('env-file', { path }),
  'health-cmd': (draft, value) => {
    health(draft).command = value
  },
  'health-interval': setHealthTime('intervalS', '--health-interval'),
  'health-retries': healthRetries,
  'health-start-period': setHealthTime('startPeriodS', '--health-start-period'),
  'health-timeout': setHealthTime('timeoutS', '--health-timeout'),
  hostname: setText('hostname'),
  label,
  memory: setSize('memoryBytes', '--memory'),
  mount: mount(parseMount),
  name: setText('name'),
  net: network,
  'net-alias': addWord('networkAliases'),
  network,
  'network-alias': addWord('networkAliases'),
  platform: setText('platform'),
  publish,
  restart,
  'security-opt': addWord('securityOpt'),
  'shm-size': setSize('shmBytes', '--shm-size'),
  'stop-signal': setText('stopSignal'),
  'stop-timeout': stopTimeout,
  tmpfs: mount(parseTmpfs),
  user: setText('user'),
  volume: mount(parseVolume),
  workdir: setText('workdir'),
}

export const boolFlags: Readonly<Record<string, BoolFlag>> = {
  detach: (draft, value) => (draft.detach = value),
  init: (draft, value) => (draft.init = value),
  interactive: (draft, value) => (draft.stdin = value),
  'no-healthcheck': (draft, value) => (health(draft).disable = value),
  privileged: (draft, value) => (draft.privileged = value),
  'publish-all': (draft, value) => (draft.publishAll = value),
  'read-only': (draft, value) => (draft.readOnly = value),
  rm: (draft, value) => (draft.autoRemove = value),
  tty: (draft, value) => (draft.tty = value),
}

/** What docker 28 knows and a spec does not hold: read past, and reported. */
export const otherValueFlags: ReadonlySet<string> = new Set(
  `annotation attach blkio-weight blkio-weight-device cgroup-parent cgroupns cidfile cpu-count cpu-percent
  cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares cpuset-cpus cpuset-mems detach-keys
  device-cgroup-rule device-read-bps device-read-iops device-write-bps device-write-iops dns-opt dns-option
  dns-search domainname expose gpus group-add health-start-interval io-maxbandwidth io-maxiops ip ip6 ipc
  isolation kernel-memory label-file link link-local-ip log-driver log-opt mac-address memory-reservation
  memory-swap memory-swappiness oom-score-adj pid pids-limit pull runtime storage-opt sysctl ulimit userns
  uts volume-driver volumes-from`.split(/\s+/),
)
export const otherBoolFlags: ReadonlySet<string> = new Set(
  `disable-content-trust help oom-kill-disable quiet sig-proxy use-api-socket`.split(/\s+/),
)

export const shortFlags: Readonly<Record<string, string>> = {
  a: 'attach',
  c: 'cpu-shares',
  d: 'detach',
  e: 'env',
  h: 'hostname',
  i: 'interactive',
  l: 'label',
  m: 'memory',
  p: 'publish',
  P: 'publish-all',
  q: 'quiet',
  t: 'tty',
  u: 'user',
  v: 'volume',
  w: 'workdir',
}
