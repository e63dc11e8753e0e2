import { Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { Engine } from '../../../shared/model'
import { useT } from '../../i18n'
import { Button, Menu } from '../../ui'

/** The ways there are to get space back: each lists first what would go. */
export function CleanUps({ engine }: { readonly engine: Engine }): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const machine = `/machines/${encodeURIComponent(engine.id)}`
  return (
    <Menu
      trigger={<Button icon={<Trash2 aria-hidden="true" />}>{t('disk.cleanUp')}</Button>}
      items={[
        { label: t('disk.cleanUpOf.image'), onSelect: () => navigate('/images?prune') },
        { label: t('disk.cleanUpOf.container'), onSelect: () => navigate('/containers?prune') },
        { label: t('disk.cleanUpOf.volume'), onSelect: () => navigate('/volumes?prune') },
        // What was freed inside of a machine is not free on its computer yet.
        ...(engine.origin === 'machine'
          ? (['separator', { label: t('disk.giveBack'), onSelect: () => navigate(machine) }] as const)
          : []),
      ]}
    />
  )
}
