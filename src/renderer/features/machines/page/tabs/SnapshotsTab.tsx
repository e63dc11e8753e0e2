import { Camera, Copy } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import type { Machine, Snapshot } from '../../../../../shared/model'
import { act, call, useCall } from '../../../../api'
import { useT } from '../../../../i18n'
import { errorWords } from '../../../../i18n/error-words'
import { formatBytes, formatTime } from '../../../../i18n/format'
import { refusalOf } from '../../../../objects/refusal'
import { useMachinePending, whilePending } from '../../../../store/machines'
import { Button, EmptyState, ErrorState, Loading, ScrollArea, Toolbar } from '../../../../ui'
import type { OnMachineDialog } from '../../actions/dialog'
import { SnapshotDialogs, type SnapshotDialog } from './SnapshotDialogs'

interface SnapshotsTabProps {
  readonly machine: Machine
  readonly onDialog: OnMachineDialog
}

/** The data disk as it was at some times, and a way back to each. */
export function SnapshotsTab({ machine, onDialog }: SnapshotsTabProps): ReactNode {
  const t = useT()
  const [asked, setAsked] = useState<SnapshotDialog>()
  const list = useCall('machines.snapshots', { machine: machine.id })
  const pending = useMachinePending(machine.id)
  const isIdle = ['stopped', 'absent', 'failed'].includes(machine.state.kind)
  const run = (what: 'snapshot' | 'restore', job: () => Promise<unknown>): Promise<unknown> =>
    whilePending(machine.id, what, job).finally(list.reload)
  const take = (name: string, signal: AbortSignal): Promise<unknown> =>
    run('snapshot', () => call('machines.snapshot', { machine: machine.id, name }, signal))
  return (
    <>
      <Toolbar>
        {!isIdle && <span className="dim">{t('machines.page.snapshots.mustStop')}</span>}
        <span className="toolbar__space" />
        <Button
          icon={<Copy aria-hidden="true" />}
          disabled={!isIdle}
          busy={pending === 'clone'}
          onClick={() => onDialog({ kind: 'clone', machine })}
        >
          {t('machines.page.snapshots.clone')}
        </Button>
        <Button
          variant="primary"
          icon={<Camera aria-hidden="true" />}
          disabled={!isIdle}
          busy={pending === 'snapshot'}
          onClick={() =>
            setAsked({ kind: 'take', first: nameNow(), taken: list.value?.map((one) => one.name) ?? [] })
          }
        >
          {t('machines.page.snapshots.take')}
        </Button>
      </Toolbar>
      <SnapshotList list={list} isIdle={isIdle} onAsk={setAsked} />
      <SnapshotDialogs
        dialog={asked}
        machine={machine}
        onClose={() => setAsked(undefined)}
        onTake={(name, signal) => refusalOf(take(name, signal), signal)}
        onRestore={(name) =>
          void run('restore', () => act('machines.restoreSnapshot', { machine: machine.id, name }))
        }
        onRemove={(name) =>
          void run('snapshot', () => act('machines.removeSnapshot', { machine: machine.id, name }))
        }
      />
    </>
  )
}

/** The minute, as a file's name can have it. */
const nameNow = (): string => new Date().toISOString().slice(0, 16).replace('T', ' ').replace(':', '.')

interface SnapshotListProps {
  readonly list: ReturnType<typeof useCall<'machines.snapshots'>>
  readonly isIdle: boolean
  readonly onAsk: (dialog: SnapshotDialog) => void
}

function SnapshotList({ list, isIdle, onAsk }: SnapshotListProps): ReactNode {
  const t = useT()
  if (list.state === 'loading') return <Loading label={t('common.loading')} />
  if (list.state === 'failed') {
    const words = errorWords(t, list.error)
    return (
      <ErrorState
        title={words.title}
        text={words.text}
        action={<Button onClick={list.reload}>{t('common.retry')}</Button>}
      />
    )
  }
  if (list.value.length === 0)
    return (
      <EmptyState
        icon={<Camera aria-hidden="true" />}
        title={t('machines.page.snapshots.empty')}
        text={t('machines.page.snapshots.emptyText')}
      />
    )
  return (
    <ScrollArea className="machine-page">
      <table className="machine-table">
        <thead>
          <tr>
            <th>{t('machines.page.snapshots.name')}</th>
            <th>{t('machines.page.snapshots.taken')}</th>
            <th>{t('machines.page.snapshots.size')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {list.value.map((one) => (
            <SnapshotLine key={one.name} snapshot={one} isIdle={isIdle} onAsk={onAsk} />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  )
}

interface SnapshotLineProps {
  readonly snapshot: Snapshot
  readonly isIdle: boolean
  readonly onAsk: (dialog: SnapshotDialog) => void
}

function SnapshotLine({ snapshot, isIdle, onAsk }: SnapshotLineProps): ReactNode {
  const t = useT()
  return (
    <tr>
      <td>
        <bdi>{snapshot.name}</bdi>
      </td>
      <td className="num">{formatTime(snapshot.takenAt)}</td>
      <td className="num">{formatBytes(snapshot.hostBytes)}</td>
      <td>
        <span className="machine-table__actions">
          <Button size="sm" disabled={!isIdle} onClick={() => onAsk({ kind: 'restore', snapshot })}>
            {t('machines.page.snapshots.restore')}
          </Button>
          <Button size="sm" variant="danger" onClick={() => onAsk({ kind: 'remove', snapshot })}>
            {t('machines.page.snapshots.remove')}
          </Button>
        </span>
      </td>
    </tr>
  )
}
