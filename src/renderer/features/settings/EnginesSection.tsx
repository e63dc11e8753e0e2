import { useMemo, useState, type ReactNode } from 'react'
import type { Engine } from '../../../shared/model'
import { act } from '../../api'
import { useT } from '../../i18n'
import { engineStateWords, engineTone } from '../../objects/engine-words'
import { useAsked } from '../../objects/use-asked'
import { useEngines } from '../../store/inventory'
import { Button, ConfirmDialog, Section, StatusDot } from '../../ui'
import { AddEngineDialog } from './AddEngineDialog'

const askable = { add: () => true }

/** `?add` opens the form for another engine. */
export function EnginesSection(): ReactNode {
  const t = useT()
  const engines = useEngines()
  const [isAdding, setAdding] = useState(false)
  useAsked(askable, setAdding)
  const [removing, setRemoving] = useState<Engine>()
  const add = useMemo(
    () => (
      <Button size="sm" onClick={() => setAdding(true)}>
        {t('settings.addEngine')}
      </Button>
    ),
    [t],
  )
  return (
    <Section title={t('settings.engines')} actions={add}>
      <ul className="settings-engines">
        {engines.map((engine) => (
          <EngineLine key={engine.id} engine={engine} onRemove={() => setRemoving(engine)} />
        ))}
      </ul>
      {isAdding && <AddEngineDialog onClose={() => setAdding(false)} />}
      {removing && (
        <ConfirmDialog
          open
          title={t('settings.removeTitle', { name: removing.name })}
          confirmLabel={t('settings.removeEngine')}
          onClose={() => setRemoving(undefined)}
          onConfirm={() => void act('engines.remove', { engine: removing.id })}
        >
          {t('settings.removeText')}
        </ConfirmDialog>
      )}
    </Section>
  )
}

function EngineLine({
  engine,
  onRemove,
}: {
  readonly engine: Engine
  readonly onRemove: () => void
}): ReactNode {
  const t = useT()
  const state = engineStateWords(t, engine)
  return (
    <li className="settings-engines__engine">
      <StatusDot tone={engineTone(engine)} label={state} />
      <bdi className="settings-engines__name truncate" title={engine.name}>
        {engine.name}
      </bdi>
      <bdi className="settings-engines__address mono dim truncate" title={engine.address}>
        {engine.address}
      </bdi>
      <span className="faint">{t(`settings.origin.${engine.origin}`)}</span>
      {engine.origin === 'added' && (
        <Button
          size="sm"
          variant="danger"
          aria-label={`${t('settings.removeEngine')} ${engine.name}`}
          onClick={onRemove}
        >
          {t('settings.removeEngine')}
        </Button>
      )}
    </li>
  )
}
