import { FolderSymlink } from 'lucide-react'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { Machine, ShareState } from '../../../../../shared/model'
import { useT } from '../../../../i18n'
import { errorWords } from '../../../../i18n/error-words'
import { isMachineUp } from '../../../../objects/machine-words'
import { Button, EmptyState, ScrollArea, StatusDot, type Tone } from '../../../../ui'
import { machinePath } from '../../paths'

const tones: Readonly<Record<ShareState['state'], Tone>> = {
  mounted: 'ok',
  connecting: 'busy',
  failed: 'bad',
}

/** The folders of this computer that stand in the machine, and how each is. */
export function SharesTab({ machine }: { readonly machine: Machine }): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const { shares } = machine.settings
  const edit = (
    <Button onClick={() => navigate(machinePath(machine.id, 'settings'))}>
      {t('machines.page.shares.edit')}
    </Button>
  )
  if (shares.length === 0)
    return (
      <EmptyState
        icon={<FolderSymlink aria-hidden="true" />}
        title={t('machines.page.shares.empty')}
        text={t('machines.page.shares.emptyText')}
        action={edit}
      />
    )
  return (
    <ScrollArea className="machine-page">
      {!isMachineUp(machine) && <p className="dim">{t('machines.page.shares.whenRunning')}</p>}
      <table className="machine-table">
        <thead>
          <tr>
            <th>{t('machines.page.shares.path')}</th>
            <th>{t('machines.page.shares.access')}</th>
            <th>{t('machines.page.shares.state')}</th>
            <th>{t('machines.page.shares.events')}</th>
          </tr>
        </thead>
        <tbody>
          {shares.map(({ path, isReadOnly }) => (
            <tr key={path}>
              <td>
                <bdi className="mono">{path}</bdi>
              </td>
              <td>{t(`machines.page.shares.${isReadOnly ? 'readOnly' : 'readWrite'}`)}</td>
              <ShareCells share={machine.shares.find((share) => share.path === path)} />
            </tr>
          ))}
        </tbody>
      </table>
      <div className="machine-page__below">{edit}</div>
    </ScrollArea>
  )
}

function ShareCells({ share }: { readonly share: ShareState | undefined }): ReactNode {
  const t = useT()
  if (!share)
    return (
      <>
        <td className="faint">—</td>
        <td className="faint">—</td>
      </>
    )
  const words = share.error && errorWords(t, share.error)
  const label = t(`machines.page.shares.states.${share.state}`)
  return (
    <>
      <td>
        <span className="machine-table__cell">
          <StatusDot tone={tones[share.state]} label={label} />
          <span>{words ? `${label}: ${words.title}. ${words.text}` : label}</span>
        </span>
      </td>
      <td>{t(`machines.page.shares.${share.hasFileEvents ? 'eventsYes' : 'eventsNo'}`)}</td>
    </>
  )
}
