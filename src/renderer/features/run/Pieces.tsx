import { Plus, X } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from 'react'
import { formatSize, parseSize, quoteShell, splitShellWords } from '../../../shared/run'
import { useT } from '../../i18n'
import { Button, IconButton, TextField } from '../../ui'
import { useRunForm } from './form'
import { useWrong } from './use-words'

/** One line of a list, with its own way out. Who adds one by its list's button goes on in it. */
export function Line({
  onRemove,
  children,
}: {
  readonly onRemove: () => void
  readonly children: ReactNode
}): ReactNode {
  const t = useT()
  const line = useRef<HTMLDivElement>(null)
  useLineFocus(line)
  return (
    <div ref={line} className="run-line">
      <div className="run-line__fields">{children}</div>
      <div className="run-line__remove">
        <IconButton label={t('run.field.remove')} icon={<X aria-hidden="true" />} onClick={onRemove} />
      </div>
    </div>
  )
}

/** What stands in a line beside its fields and has no label above it. */
export function Aside({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <div className="run-line__aside">
      <div className="run-line__aside-control">{children}</div>
    </div>
  )
}

const addButton = ':scope > [data-add-line]'

/** Into a line that was just added; from one that goes while it has the focus, to the button that adds another. */
function useLineFocus(line: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const button = line.current?.parentElement?.querySelector(addButton)
    if (!button || button !== document.activeElement) return
    line.current?.querySelector<HTMLElement>('input:not([aria-hidden]), button')?.focus()
  }, [line])
  useLayoutEffect(() => {
    const own = line.current
    return () => {
      if (own?.contains(document.activeElement))
        own.parentElement?.querySelector<HTMLElement>(addButton)?.focus()
    }
  }, [line])
}

export function AddButton({
  label,
  onClick,
}: {
  readonly label: string
  readonly onClick: () => void
}): ReactNode {
  const t = useT()
  return (
    <Button
      size="sm"
      data-add-line=""
      icon={<Plus aria-hidden="true" />}
      onClick={onClick}
      aria-label={`${t('run.field.add')}: ${label}`}
    >
      {t('run.field.add')}
    </Button>
  )
}

type WordField = 'capAdd' | 'capDrop' | 'securityOpt' | 'devices' | 'extraHosts' | 'dns' | 'networkAliases'

/** A list of words of the spec: one field each. */
export function Words({
  field,
  label,
  placeholder,
}: {
  readonly field: WordField
  readonly label: string
  readonly placeholder?: string
}): ReactNode {
  const { spec, change } = useRunForm()
  const wrong = useWrong()
  const words = spec[field]
  const set = (next: string[]): void => change({ [field]: next })
  return (
    <div className="run-words">
      <div className="run-words__label">{label}</div>
      {words.map((word, index) => (
        <Line key={index} onRemove={() => set(words.filter((_, at) => at !== index))}>
          <TextField
            label={`${label} ${index + 1}`}
            hideLabel
            mono
            value={word}
            placeholder={placeholder}
            error={wrong(`${field}.${index}`)}
            onChange={(text) => set(words.map((one, at) => (at === index ? text : one)))}
          />
        </Line>
      ))}
      <AddButton label={label} onClick={() => set([...words, ''])} />
    </div>
  )
}

/** Name and value pairs: environment variables and labels. */
export function Pairs({
  field,
  title,
  names,
}: {
  readonly field: 'env' | 'labels'
  readonly title: string
  readonly names: readonly [name: string, value: string]
}): ReactNode {
  const { spec, change } = useRunForm()
  const wrong = useWrong()
  const pairs = spec[field]
  const set = (index: number, part: Partial<{ name: string; value: string }> | undefined): void =>
    change({
      [field]: pairs.flatMap((pair, at) => (at !== index ? [pair] : part ? [{ ...pair, ...part }] : [])),
    })
  return (
    <>
      {pairs.map((pair, index) => (
        <Line key={index} onRemove={() => set(index, undefined)}>
          <TextField
            label={names[0]}
            hideLabel={index > 0}
            mono
            value={pair.name}
            error={wrong(`${field}.${index}.name`)}
            onChange={(name) => set(index, { name })}
          />
          <TextField
            label={names[1]}
            hideLabel={index > 0}
            mono
            value={pair.value}
            error={wrong(`${field}.${index}.value`)}
            onChange={(value) => set(index, { value })}
          />
        </Line>
      ))}
      <AddButton label={title} onClick={() => change({ [field]: [...pairs, { name: '', value: '' }] })} />
    </>
  )
}

interface ReadFieldProps<T> {
  readonly path: string
  readonly label: string
  readonly hideLabel?: boolean
  readonly hint?: string
  readonly placeholder?: string
  readonly value: T | undefined
  readonly onValue: (value: T | undefined) => void
}

/** A field whose text is read into something else: what cannot be read stays as typed and is wrong. */
function ReadField<T>(
  props: ReadFieldProps<T> & {
    readonly read: (text: string) => T | undefined
    readonly write: (value: T) => string
    readonly unreadWords: string
  },
): ReactNode {
  const { unread, setUnread } = useRunForm()
  const wrong = useWrong()
  const { value, path, read, write } = props
  const [text, setText] = useState(() => unread.get(path) ?? (value === undefined ? '' : write(value)))
  const meant = text.trim() === '' ? undefined : read(text)
  const isText = text.trim() === '' || meant !== undefined
  // The value changed elsewhere (a pasted command): show it, unless the text already says the same.
  const said = isText && same(meant, value) ? text : value === undefined ? '' : write(value)
  const type = (next: string): void => {
    setText(next)
    const value = next.trim() === '' ? undefined : read(next)
    setUnread(path, next.trim() !== '' && value === undefined ? next : undefined)
    props.onValue(value)
  }
  return (
    <TextField
      label={props.label}
      hideLabel={props.hideLabel}
      hint={props.hint}
      placeholder={props.placeholder}
      mono
      value={unread.get(path) ?? said}
      error={unread.has(path) ? props.unreadWords : wrong(path)}
      onChange={type}
    />
  )
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export function SizeField(props: ReadFieldProps<number>): ReactNode {
  const t = useT()
  return <ReadField {...props} read={parseSize} write={formatSize} unreadWords={t('run.wrong.size')} />
}

/** A command line as shell words. An unclosed quote is not read. */
export function ShellWordsField(props: ReadFieldProps<readonly string[]>): ReactNode {
  const t = useT()
  return (
    <ReadField
      {...props}
      read={readWords}
      write={(words) => words.map(quoteShell).join(' ')}
      unreadWords={t('run.problem.unclosedQuote')}
    />
  )
}

function readWords(text: string): string[] | undefined {
  const { words, problems } = splitShellWords(text)
  return problems.some((problem) => problem.code === 'unclosed-quote') ? undefined : [...words]
}
