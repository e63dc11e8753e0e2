import { Dialog } from '@base-ui/react/dialog'
import { Command as Cmdk } from 'cmdk'
import { ChevronRight } from 'lucide-react'
import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useT } from '../../i18n'
import { classNames, StatusDot } from '../../ui'
import { findAll } from './find-actions'
import { findCommands, type Command, type CommandGroup } from './find-commands'
import { commandAt, leavesOf } from './menu-commands'
import { ObjectDialogs, type ObjectDialog } from './ObjectDialogs'
import { useCommands, usePullCommand } from './use-commands'
import './command-palette.css'

export interface CommandPaletteProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly onHelp: () => void
}

/** Goes to every page and object and does every action, by typing. */
export function CommandPalette({ open, onClose, onHelp }: CommandPaletteProps): ReactNode {
  const t = useT()
  const [asked, setAsked] = useState<ObjectDialog>()
  return (
    <>
      <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
        <Dialog.Portal>
          <Dialog.Backdrop className="dialog__backdrop" />
          <Dialog.Popup className="palette" aria-label={t('shell.palette.label')}>
            <Palette onClose={onClose} onHelp={onHelp} onDialog={setAsked} />
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
      <ObjectDialogs asked={asked} onClose={() => setAsked(undefined)} />
    </>
  )
}

/** An object, or a submenu of its actions, that was chosen on the way here. */
interface Place {
  readonly path: readonly string[]
  readonly label: string
  /** Whose actions they are. */
  readonly name: string
}

const inside = (actions: readonly Command[], query: string): readonly Command[] =>
  query === '' ? actions : findCommands(leavesOf(actions), query)

interface PaletteProps {
  readonly onClose: () => void
  readonly onHelp: () => void
  readonly onDialog: (asked: ObjectDialog) => void
}

function Palette({ onClose, onHelp, onDialog }: PaletteProps): ReactNode {
  const t = useT()
  const [query, setQuery] = useState('')
  const [places, setPlaces] = useState<readonly Place[]>([])
  const place = places.at(-1)
  const all = useCommands(onDialog, onHelp)
  // As it is now: an object may change, or go, while its actions are looked at.
  const parent = useMemo(() => place && commandAt(all, place.path), [all, place])
  const pull = usePullCommand(t, query)
  const found = useMemo(
    () => (place ? inside(parent?.actions?.() ?? [], query) : findAll(t, all, query)),
    [t, place, parent, all, query],
  )
  const shown = place || !pull ? found : [...found, pull]
  const [active, setActive] = useActive(`${place?.path.join('/') ?? ''} ${query}`, shown)
  const choose = (command: Command): void => {
    if (command.actions) {
      const path = command.path ?? [...(place?.path ?? []), command.id]
      setPlaces([...places, { path, label: command.label, name: command.of ?? command.label }])
      setQuery('')
      return
    }
    onClose()
    command.run?.()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const goesBack = event.key === 'Escape' || (event.key === 'Backspace' && query === '')
    if (!place || !goesBack) return
    event.preventDefault()
    event.stopPropagation()
    setPlaces(places.slice(0, -1))
    setQuery('')
  }
  return (
    <Cmdk
      shouldFilter={false}
      loop
      vimBindings={false}
      label={t('shell.palette.label')}
      value={active}
      onValueChange={setActive}
      onKeyDown={onKeyDown}
    >
      <Question place={place} query={query} onQuery={setQuery} />
      <Cmdk.List className="palette__list">
        <Cmdk.Empty className="palette__empty">{t('shell.palette.empty')}</Cmdk.Empty>
        <Groups commands={shown} isNested={place !== undefined} onChoose={choose} />
      </Cmdk.List>
      <div className="palette__hint">{t('shell.palette.hint')}</div>
    </Cmdk>
  )
}

interface QuestionProps {
  readonly place: Place | undefined
  readonly query: string
  readonly onQuery: (query: string) => void
}

function Question({ place, query, onQuery }: QuestionProps): ReactNode {
  const t = useT()
  return (
    <div className="palette__top">
      {place && <bdi className="palette__parent truncate">{place.label}</bdi>}
      <Cmdk.Input
        className="palette__input"
        autoFocus
        value={query}
        onValueChange={onQuery}
        placeholder={
          place ? t('shell.palette.actionsOf', { name: place.name }) : t('shell.palette.placeholder')
        }
      />
    </div>
  )
}

/**
 * The line that Enter takes: the first, until a person goes to another. The kit itself chooses it a moment after it
 * was drawn, and an Enter before that would run what stood there for the text before.
 */
function useActive(question: string, shown: readonly Command[]): readonly [string, (id: string) => void] {
  const [chosen, setChosen] = useState({ question, id: '' })
  const isThere = chosen.question === question && shown.some(({ id }) => id === chosen.id)
  return [isThere ? chosen.id : (shown[0]?.id ?? ''), (id) => setChosen({ question, id })]
}

interface GroupsProps {
  readonly commands: readonly Command[]
  readonly isNested: boolean
  readonly onChoose: (command: Command) => void
}

/** Groups in the order in which the best of each was found. */
function Groups({ commands, isNested, onChoose }: GroupsProps): ReactNode {
  const t = useT()
  const groups = new Map<CommandGroup, Command[]>()
  for (const command of commands) groups.set(command.group, [...(groups.get(command.group) ?? []), command])
  return [...groups].map(([group, own]) => (
    <Cmdk.Group
      key={group}
      className="palette__group"
      heading={isNested ? t('shell.palette.groups.actions') : t(`shell.palette.groups.${group}`)}
    >
      {own.map((command) => (
        <Item key={command.id} command={command} onChoose={onChoose} />
      ))}
    </Cmdk.Group>
  ))
}

function Item({ command, onChoose }: { command: Command; onChoose: (command: Command) => void }): ReactNode {
  const Icon = command.icon
  return (
    <Cmdk.Item
      className={classNames('palette__item', command.danger && 'palette__item--danger')}
      value={command.id}
      // Who chose by the pointer goes on by typing.
      onMouseDown={(event) => event.preventDefault()}
      onSelect={() => onChoose(command)}
    >
      {command.status && <StatusDot tone={command.status.tone} label={command.status.label} />}
      {Icon && <Icon aria-hidden="true" />}
      <bdi className="truncate">{command.label}</bdi>
      {command.detail !== undefined && <bdi className="palette__detail truncate">{command.detail}</bdi>}
      {command.actions && <ChevronRight aria-hidden="true" className="palette__more" />}
    </Cmdk.Item>
  )
}
