import type { ReactNode } from 'react'
import type { Machine } from '../../../../../shared/model'
import { useT } from '../../../../i18n'
import { useMachinePending } from '../../../../store/machines'
import { Button, ScrollArea, Section } from '../../../../ui'
import type { OnMachineDialog } from '../../actions/dialog'

interface ResetTabProps {
  readonly machine: Machine
  readonly onDialog: OnMachineDialog
}

/** What cannot be undone. */
export function ResetTab({ machine, onDialog }: ResetTabProps): ReactNode {
  const t = useT()
  const pending = useMachinePending(machine.id)
  return (
    <ScrollArea className="machine-page">
      {(['reset', 'remove'] as const).map((kind) => (
        <Section
          key={kind}
          title={t(`machines.page.reset.${kind}Title`)}
          actions={
            <Button variant="danger" busy={pending === kind} onClick={() => onDialog({ kind, machine })}>
              {t(`machines.page.reset.${kind}Button`)}
            </Button>
          }
        >
          <p className="dim">{t(`machines.page.reset.${kind}Text`)}</p>
        </Section>
      ))}
    </ScrollArea>
  )
}
