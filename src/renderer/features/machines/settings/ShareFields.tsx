import { Plus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useT } from '../../../i18n'
import { Button, Checkbox, IconButton, TextField } from '../../../ui'
import { homeIndex, type DraftShare as Share } from './draft'
import { useMachineForm, useProblem } from './form'

/** The home folder by one switch, others by their paths. */
export function ShareFields(): ReactNode {
  const t = useT()
  const { draft, change, host } = useMachineForm()
  const set = (shares: readonly Share[]): void => change({ shares })
  const homeAt = homeIndex(draft.shares, host?.home)
  return (
    <div className="machine-form__column">
      <p className="dim">{t('machines.settings.sharesHint')}</p>
      {host && <HomeShare home={host.home} />}
      {draft.shares.map(
        (share, index) =>
          index !== homeAt && (
            <ShareLine
              key={index}
              index={index}
              share={share}
              onChange={(part) =>
                set(draft.shares.map((one, at) => (at === index ? { ...one, ...part, isTyped: true } : one)))
              }
              onRemove={() => set(draft.shares.filter((_, at) => at !== index))}
            />
          ),
      )}
      <div>
        <Button
          size="sm"
          icon={<Plus aria-hidden="true" />}
          onClick={() => set([...draft.shares, { path: '', isReadOnly: false, isTyped: true }])}
        >
          {t('machines.settings.addShare')}
        </Button>
      </div>
    </div>
  )
}

function HomeShare({ home }: { readonly home: string }): ReactNode {
  const t = useT()
  const { draft, change } = useMachineForm()
  const homeAt = homeIndex(draft.shares, home)
  const shared = draft.shares[homeAt]
  const others = draft.shares.filter((_, index) => index !== homeAt)
  return (
    <>
      <Checkbox
        label={t('machines.settings.shareHome', { path: home })}
        hint={t('machines.settings.shareHomeHint')}
        checked={shared !== undefined}
        onChange={(isOn) =>
          change({ shares: isOn ? [{ path: home, isReadOnly: false }, ...others] : others })
        }
      />
      {shared && (
        <div className="machine-form__inset">
          <Checkbox
            label={t('machines.settings.shareHomeReadOnly')}
            checked={shared.isReadOnly}
            onChange={(isReadOnly) => change({ shares: [{ path: home, isReadOnly }, ...others] })}
          />
        </div>
      )}
    </>
  )
}

interface ShareLineProps {
  readonly index: number
  readonly share: Share
  readonly onChange: (part: Partial<Share>) => void
  readonly onRemove: () => void
}

function ShareLine({ index, share, onChange, onRemove }: ShareLineProps): ReactNode {
  const t = useT()
  const problem = useProblem()
  return (
    <div className="machine-form__line">
      <TextField
        hideLabel
        mono
        autoFocus={share.path === ''}
        label={t('machines.settings.share', { number: index + 1 })}
        value={share.path}
        error={problem(`shares.${index}`)}
        onChange={(path) => onChange({ path })}
      />
      <Checkbox
        label={t('machines.settings.shareReadOnly')}
        checked={share.isReadOnly}
        onChange={(isReadOnly) => onChange({ isReadOnly })}
      />
      <IconButton
        label={t('machines.settings.removeLine')}
        icon={<X aria-hidden="true" />}
        onClick={onRemove}
      />
    </div>
  )
}
