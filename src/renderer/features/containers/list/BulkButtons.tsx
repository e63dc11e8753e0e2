import type { ReactNode } from 'react'
import type { Container } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { Button } from '../../../ui'
import type { OnDialog } from '../actions/dialog'
import { doVerb } from '../actions/do-verb'
import { takers, verbs } from '../actions/offered'

interface BulkButtonsProps {
  readonly containers: readonly Container[]
  readonly onDialog: OnDialog
}

/** What the selection can take, each with how many of it can. */
export function BulkButtons({ containers, onDialog }: BulkButtonsProps): ReactNode {
  const t = useT()
  return verbs.map((verb) => {
    const able = takers(verb, containers)
    if (able.length === 0) return null
    return (
      <Button
        key={verb}
        size="sm"
        variant={verb === 'remove' ? 'danger' : 'default'}
        onClick={() =>
          verb === 'remove' ? onDialog({ kind: 'remove', containers: able }) : doVerb(verb, able)
        }
      >
        {t('containers.bulk.verb', { verb: t(`containers.verb.${verb}`), count: able.length })}
      </Button>
    )
  })
}
