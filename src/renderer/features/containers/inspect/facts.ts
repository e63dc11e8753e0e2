import { useMemo } from 'react'
import type { ContainerDetail } from '../../../../shared/model'
import { quoteShell } from '../../../../shared/run'
import { useT, type Translate } from '../../../i18n'
import { formatBytes, formatNumber, formatTime } from '../../../i18n/format'
import { envId, maskText } from '../../../objects/secrets/secrets'

export interface FactRow {
  readonly key: string
  readonly value: string
  /** Given where the value may be a secret: the id it is revealed by. */
  readonly secretId?: string
}
export interface FactSection {
  readonly title: string
  readonly rows: readonly FactRow[]
}

export function useFactSections(detail: ContainerDetail): readonly FactSection[] {
  const t = useT()
  return useMemo(
    () => [
      { title: t('containers.inspect.identity'), rows: identity(t, detail) },
      { title: t('containers.inspect.process'), rows: process(t, detail) },
      { title: t('containers.inspect.env'), rows: environment(detail) },
      { title: t('containers.inspect.labels'), rows: labels(detail) },
      { title: t('containers.inspect.limits'), rows: limits(t, detail) },
    ],
    [t, detail],
  )
}

function identity(t: Translate, detail: ContainerDetail): readonly FactRow[] {
  return [
    { key: t('containers.inspect.id'), value: detail.id },
    { key: t('containers.inspect.name'), value: detail.name },
    { key: t('containers.inspect.image'), value: detail.image },
    { key: t('containers.inspect.imageId'), value: detail.imageId },
    { key: t('containers.inspect.created'), value: formatTime(detail.createdAtMs) },
    ...(detail.startedAtMs === undefined
      ? []
      : [{ key: t('containers.inspect.started'), value: formatTime(detail.startedAtMs) }]),
    { key: t('containers.inspect.hostname'), value: detail.hostname },
    { key: t('containers.inspect.restartPolicy'), value: detail.restartPolicy || 'no' },
    { key: t('containers.inspect.restartCount'), value: formatNumber(detail.restartCount) },
    { key: t('containers.inspect.logDriver'), value: detail.logDriver },
  ]
}

function process(t: Translate, detail: ContainerDetail): readonly FactRow[] {
  const line = (words: readonly string[]): string =>
    words.length === 0 ? t('containers.inspect.none') : maskText(words.map(quoteShell).join(' '))
  return [
    { key: t('containers.inspect.entrypoint'), value: line(detail.entrypoint) },
    { key: t('containers.inspect.command'), value: line(detail.command) },
    { key: t('containers.inspect.workdir'), value: detail.workdir || '/' },
    { key: t('containers.inspect.user'), value: detail.user || t('containers.inspect.userDefault') },
    ...(detail.pid > 0 ? [{ key: t('containers.inspect.pid'), value: String(detail.pid) }] : []),
    { key: t('containers.inspect.tty'), value: yesNo(t, detail.tty) },
    { key: t('containers.inspect.stdin'), value: yesNo(t, detail.openStdin) },
  ]
}

const environment = (detail: ContainerDetail): readonly FactRow[] =>
  [...detail.env]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, value }) => ({ key: name, value, secretId: envId(name) }))

const labels = (detail: ContainerDetail): readonly FactRow[] =>
  Object.entries(detail.labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    // The path of a label in the raw JSON, so that revealing here reveals there.
    .map(([key, value]) => ({ key, value, secretId: `.Config.Labels.${key}` }))

function limits(t: Translate, detail: ContainerDetail): readonly FactRow[] {
  const orNone = (value: number, words: string): string =>
    value > 0 ? words : t('containers.inspect.unlimited')
  const { memoryBytes, cpus, pids } = detail.limits
  return [
    { key: t('containers.inspect.memory'), value: orNone(memoryBytes, formatBytes(memoryBytes, 'binary')) },
    { key: t('containers.inspect.cpus'), value: orNone(cpus, formatNumber(cpus, 2)) },
    { key: t('containers.inspect.pids'), value: orNone(pids, formatNumber(pids)) },
    { key: t('containers.inspect.privileged'), value: yesNo(t, detail.privileged) },
    { key: t('containers.inspect.readOnlyRoot'), value: yesNo(t, detail.readOnlyRoot) },
  ]
}

const yesNo = (t: Translate, is: boolean): string =>
  is ? t('containers.inspect.yes') : t('containers.inspect.no')
