import type { ReactNode } from 'react'
import { useCall } from '../../api'
import { useT } from '../../i18n'
import { changeSettings, useSettings } from '../../store/settings'
import { CopyButton, KeyValues, LinkButton, PageHeader, Section, Select, Switch, ScrollArea } from '../../ui'
import { EnginesSection } from './EnginesSection'
import { NotificationSection } from './NotificationSection'
import { ResetSection } from './ResetSection'
import './settings.css'

const themes = ['system', 'light', 'dark'] as const
const languages = ['system', 'en', 'ko'] as const
const localEngines = ['auto', 'private'] as const

/** Everything takes effect at once; there is nothing to save. */
export function SettingsPage(): ReactNode {
  const t = useT()
  return (
    <div className="page">
      <PageHeader title={t('settings.title')} />
      <ScrollArea className="settings-page">
        <Appearance />
        <NotificationSection />
        <EnginesSection />
        <LocalEngine />
        <WindowSection />
        <About />
        <ResetSection />
      </ScrollArea>
    </div>
  )
}

function Appearance(): ReactNode {
  const t = useT()
  const { theme, language } = useSettings()
  return (
    <Section title={t('settings.appearance')}>
      <div className="settings-page__pair">
        <Select
          label={t('settings.theme')}
          value={theme}
          options={themes.map((value) => ({ value, label: t(`settings.themes.${value}`) }))}
          onChange={(value) => void changeSettings({ theme: value })}
        />
        <Select
          label={t('settings.language')}
          value={language}
          options={languages.map((value) => ({ value, label: t(`settings.languages.${value}`) }))}
          onChange={(value) => void changeSettings({ language: value })}
        />
      </div>
    </Section>
  )
}

function LocalEngine(): ReactNode {
  const t = useT()
  const { localEngine, keepPrivateEngine, showHelpers } = useSettings()
  return (
    <Section title={t('settings.localEngine')}>
      <div className="settings-page__pair">
        <Select
          label={t('settings.localEngine')}
          hint={t('settings.localEngineHint')}
          value={localEngine}
          options={localEngines.map((value) => ({ value, label: t(`settings.localEngines.${value}`) }))}
          onChange={(value) => void changeSettings({ localEngine: value })}
        />
      </div>
      <Switch
        label={t('settings.keepPrivate')}
        checked={keepPrivateEngine}
        onChange={(value) => void changeSettings({ keepPrivateEngine: value })}
      />
      <Switch
        label={t('settings.showHelpers')}
        hint={t('settings.showHelpersHint')}
        checked={showHelpers}
        onChange={(value) => void changeSettings({ showHelpers: value })}
      />
    </Section>
  )
}

function WindowSection(): ReactNode {
  const t = useT()
  const { closeToTray } = useSettings()
  return (
    <Section title={t('settings.window')}>
      <Switch
        label={t('settings.closeToTray')}
        hint={t('settings.closeToTrayHint')}
        checked={closeToTray}
        onChange={(value) => void changeSettings({ closeToTray: value })}
      />
    </Section>
  )
}

function About(): ReactNode {
  const t = useT()
  const info = useCall('app.info', {})
  if (info.state !== 'ready') return null
  const { version, host, dataDir, logFile } = info.value
  return (
    <Section
      title={t('settings.about')}
      actions={
        <LinkButton size="sm" href="#/diagnostics">
          {t('diagnostics.title')}
        </LinkButton>
      }
    >
      <KeyValues
        rows={[
          { key: t('settings.version'), value: version },
          { key: t('settings.host'), value: t(`settings.hosts.${host}`) },
          { key: t('settings.dataDir'), value: <Path path={dataDir} /> },
          { key: t('settings.logFile'), value: <Path path={logFile} /> },
        ]}
      />
    </Section>
  )
}

function Path({ path }: { readonly path: string }): ReactNode {
  const t = useT()
  return (
    <span className="settings-page__path">
      <bdi className="mono">{path}</bdi>
      <CopyButton text={path} label={t('settings.copyPath')} />
    </span>
  )
}
