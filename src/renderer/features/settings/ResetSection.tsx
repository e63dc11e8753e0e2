import { useState, type ReactNode } from 'react'
import { useT } from '../../i18n'
import { Button, Section } from '../../ui'
import { ResetDialog } from './ResetDialog'

export function ResetSection(): ReactNode {
  const t = useT()
  const [isOpen, setOpen] = useState(false)
  return (
    <Section title={t('settings.reset.title')}>
      <div className="settings-page__ask">
        <span className="dim">{t('settings.reset.text')}</span>
        <Button variant="danger" onClick={() => setOpen(true)}>
          {t('settings.reset.button')}
        </Button>
      </div>
      {isOpen && <ResetDialog onClose={() => setOpen(false)} />}
    </Section>
  )
}
