import type { HealthSpec, RunSpec } from '../model/run-spec'
import { formatMount } from './mount-text'
import { formatPublish } from './publish'
import { quoteShell } from './shell-words'
import { formatDuration, formatSize } from './units'

type Part = readonly string[]

/**
 * The shortest `docker run` that says what the spec says, quoted for a POSIX shell. `multiline` puts
 * each flag on its own continued line. An entrypoint of several words keeps its first as the flag's
 * value and leads the command with the rest, which starts the same process. `flags`: what the spec does not hold.
 */
export function formatDockerRun(
  spec: RunSpec,
  options: { readonly multiline?: boolean; readonly flags?: readonly Part[] } = {},
): string {
  const parts = runParts(spec)
  const all = [['docker', 'run'], ...parts.slice(0, -1), ...(options.flags ?? []), ...parts.slice(-1)]
  const text = all.map((part) => part.map(quoteShell).join(' '))
  return text.join(options.multiline ? ' \\\n  ' : ' ')
}

/** The words after `docker run`: a flag and its value stand together, the image and its command are last. */
export function runParts(spec: RunSpec): readonly Part[] {
  const [first, ...rest] = spec.entrypoint ?? []
  return [
    ...basics(spec),
    ...network(spec),
    ...many('-e', spec.env.map(pair)),
    ...spec.mounts.map(formatMount),
    ...limits(spec),
    ...security(spec),
    ...many('-l', spec.labels.map(label)),
    ...health(spec.health),
    ...(spec.entrypoint ? [['--entrypoint', first ?? '']] : []),
    [spec.image, ...rest, ...spec.command],
  ]
}

const pair = (p: { name: string; value: string }): string => `${p.name}=${p.value}`
const label = (p: { name: string; value: string }): string => (p.value === '' ? p.name : pair(p))
const many = (flag: string, values: readonly string[]): Part[] => values.map((value) => [flag, value])
const one = (flag: string, value: string): Part[] => (value === '' ? [] : [[flag, value]])
const on = (flag: string, isOn: boolean): Part[] => (isOn ? [[flag]] : [])
const given = <T>(flag: string, value: T | undefined, format: (value: T) => string): Part[] =>
  value === undefined ? [] : [[flag, format(value)]]

function basics(spec: RunSpec): Part[] {
  const { policy, maxRetries } = spec.restart
  return [
    ...on('-d', spec.detach),
    ...(spec.tty && spec.stdin ? [['-it']] : [...on('-i', spec.stdin), ...on('-t', spec.tty)]),
    ...on('--rm', spec.autoRemove),
    ...one('--name', spec.name),
    ...(policy === 'no'
      ? []
      : [['--restart', maxRetries === undefined ? policy : `${policy}:${maxRetries}`]]),
    ...one('--platform', spec.platform),
    ...on('--init', spec.init),
    ...one('-u', spec.user),
    ...one('-w', spec.workdir),
    ...one('--stop-signal', spec.stopSignal),
    ...given('--stop-timeout', spec.stopTimeoutS, String),
  ]
}

function network(spec: RunSpec): Part[] {
  return [
    ...one('--network', spec.network),
    ...many('--network-alias', spec.networkAliases),
    ...one('-h', spec.hostname),
    ...on('-P', spec.publishAll),
    ...many('-p', spec.ports.map(formatPublish)),
    ...many('--add-host', spec.extraHosts),
    ...many('--dns', spec.dns),
  ]
}

function limits(spec: RunSpec): Part[] {
  return [
    ...given('-m', spec.memoryBytes, formatSize),
    ...given('--cpus', spec.cpus, formatNumber),
    ...given('--shm-size', spec.shmBytes, formatSize),
  ]
}

function security(spec: RunSpec): Part[] {
  return [
    ...on('--privileged', spec.privileged),
    ...on('--read-only', spec.readOnly),
    ...many('--cap-add', spec.capAdd),
    ...many('--cap-drop', spec.capDrop),
    ...many('--security-opt', spec.securityOpt),
    ...many('--device', spec.devices),
  ]
}

function health(spec: HealthSpec | undefined): Part[] {
  if (!spec) return []
  if (spec.disable) return [['--no-healthcheck']]
  return [
    ...one('--health-cmd', spec.command),
    ...given('--health-interval', spec.intervalS, formatDuration),
    ...given('--health-timeout', spec.timeoutS, formatDuration),
    ...given('--health-start-period', spec.startPeriodS, formatDuration),
    ...given('--health-retries', spec.retries, String),
  ]
}

/** Never in exponent form, which docker would not read. */
const formatNumber = (value: number): string =>
  /e/.test(String(value)) ? value.toFixed(9).replace(/\.?0+$/, '') : String(value)
