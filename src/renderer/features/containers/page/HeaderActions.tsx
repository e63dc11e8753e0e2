import { Ellipsis, Pause, Play, RotateCw, Square, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { keyOf, type Container } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { useEngine } from '../../../store/inventory'
import { usePending } from '../../../store/pending'
import { Button, IconButton, Menu } from '../../../ui'
import type { OnDialog } from '../actions/dialog'
import { doVerb, type PlainVerb } from '../actions/do-verb'
import { containerMenu } from '../actions/menu'
import { isOffered } from '../actions/offered'

interface HeaderActionsProps {
  readonly container: Container
  readonly onDialog: OnDialog
}

const icons: Partial<Record<PlainVerb, ReactNode>> = {
  start: <Play aria-hidden="true" />,
  stop: <Square aria-hidden="true" />,
  restart: <RotateCw aria-hidden="true" />,
  pause: <Pause aria-hidden="true" />,
  resume: <Play aria-hidden="true" />,
}

export function HeaderActions({ container, onDialog }: HeaderActionsProps): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const engine = useEngine(container.engine)
  const pending = usePending(keyOf(container))
  const items = containerMenu([container], { t, navigate, onDialog, engineOf: () => engine })
  const shown: readonly PlainVerb[] = ['start', 'resume', 'stop', 'restart']
  return (
    <>
      {shown
        .filter((verb) => isOffered(verb, container))
        .map((verb) => (
          <Button
            key={verb}
            icon={icons[verb]}
            busy={pending === `containers.${verb}`}
            onClick={() => doVerb(verb, [container])}
          >
            {t(`containers.verb.${verb}`)}
          </Button>
        ))}
      <IconButton
        label={t('containers.verb.remove')}
        icon={<Trash2 />}
        disabled={!isOffered('remove', container)}
        onClick={() => onDialog({ kind: 'remove', containers: [container] })}
      />
      <Menu
        align="end"
        trigger={<IconButton label={t('containers.moreActions')} icon={<Ellipsis />} />}
        items={items}
      />
    </>
  )
}
