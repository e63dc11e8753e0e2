import { useState, type ReactNode } from 'react'
import { useCall } from '../../api'
import { useT } from '../../i18n'
import { changeSettings, useSettings } from '../../store/settings'
import { Button, Section, Switch } from '../../ui'

export function NotificationSection(): ReactNode {
  const t = useT()
  const { died, unhealthy } = useSettings().notify
  return (
    <Section title={t('settings.notifications')}>
      <Switch
        label={t('settings.notifyDied')}
        checked={died}
        onChange={(value) => void changeSettings({ notify: { died: value, unhealthy } })}
      />
      <Switch
        label={t('settings.notifyUnhealthy')}
        checked={unhealthy}
        onChange={(value) => void changeSettings({ notify: { died, unhealthy: value } })}
      />
      <Permission />
    </Section>
  )
}

/** In a browser the person allows notifications by this button only: asking unasked gets a lasting no. */
function Permission(): ReactNode {
  const t = useT()
  const info = useCall('app.info', {})
  const [permission, setPermission] = useState<NotificationPermission | 'missing'>(() =>
    typeof Notification === 'undefined' ? 'missing' : Notification.permission,
  )
  if (info.value?.host !== 'serve') return null
  if (permission !== 'default') return <p className="dim">{t(`settings.permission.${permission}`)}</p>
  return (
    <div className="settings-page__ask">
      <span className="dim">{t('settings.permission.needed')}</span>
      <Button size="sm" onClick={() => void Notification.requestPermission().then(setPermission)}>
        {t('settings.permission.ask')}
      </Button>
    </div>
  )
}
