import { useState, type ReactNode } from 'react'
import { useT } from '../../../i18n'
import type { Entered } from '../list/rows'
import { modeWords, octal, parseOctal } from '../mode-words'
import { Checkbox, ConfirmDialog, TextField, type Refusal } from '../../../ui'

interface PermissionsDialogProps {
  readonly rows: readonly Entered[]
  readonly onMode: (mode: number, signal: AbortSignal) => Promise<Refusal | undefined>
  readonly onClose: () => void
}

const whos = [
  { who: 'owner', shift: 6 },
  { who: 'group', shift: 3 },
  { who: 'others', shift: 0 },
] as const
const whats = [
  { what: 'read', bit: 4 },
  { what: 'write', bit: 2 },
  { what: 'run', bit: 1 },
] as const

/** Permissions as nine boxes and as the number that people know. */
export function PermissionsDialog({ rows, onMode, onClose }: PermissionsDialogProps): ReactNode {
  const t = useT()
  const [first] = rows
  const [text, setText] = useState(octal(first?.entry.mode ?? 0))
  const mode = parseOctal(text)
  return (
    <ConfirmDialog
      title={t(rows.length === 1 ? 'files.permissions.title' : 'files.permissions.titleMany', {
        count: rows.length,
        name: first?.name ?? '',
      })}
      open
      onClose={onClose}
      onConfirm={async (signal) => (mode === undefined ? undefined : onMode(mode, signal))}
      confirmLabel={t('files.permissions.confirm')}
      disabled={mode === undefined}
    >
      <div className="files__permissions">
        {whos.map(({ who, shift }) => (
          <fieldset key={who}>
            <legend>{t(`files.permissions.${who}`)}</legend>
            {whats.map(({ what, bit }) => (
              <Checkbox
                key={what}
                label={t(`files.permissions.${what}`)}
                checked={((mode ?? 0) & (bit << shift)) !== 0}
                onChange={(isOn) => setText(octal(withBit(mode ?? 0, bit << shift, isOn)))}
              />
            ))}
          </fieldset>
        ))}
      </div>
      <TextField
        label={t('files.permissions.octal')}
        mono
        value={text}
        hint={first && mode !== undefined ? modeWords(first.entry.kind, mode) : undefined}
        error={mode === undefined ? t('files.permissions.octalBad') : undefined}
        onChange={setText}
      />
    </ConfirmDialog>
  )
}

const withBit = (mode: number, bit: number, isOn: boolean): number => (isOn ? mode | bit : mode & ~bit)
