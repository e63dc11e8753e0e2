import { ChevronDown, ChevronRight } from 'lucide-react'
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { classNames } from '../class-names'
import { CopyButton } from '../CopyButton'
import { SearchField } from '../SearchField'
import { Button } from '../Button'
import { useUiWords } from '../ui-words'
import { jsonLines, nextMatch, pathsToMatches, rootPath, type JsonLine, type JsonValue } from './json-lines'
import { useJsonWindow } from './use-json-window'
import './json-view.css'

export interface JsonViewProps {
  readonly value: JsonValue
  readonly label: string
  /** Given: a button that copies the whole as text. */
  readonly copyLabel?: string | undefined
}

/** Branches this near to the root begin open. */
const openDepth = 2

/** A JSON value as a tree, with search. Arrow keys walk, open and close. */
export function JsonView({ value, label, copyLabel }: JsonViewProps): ReactNode {
  const words = useUiWords()
  const [query, setQuery] = useState('')
  const [opened, setOpened] = useState<Opened>({ chosen: new Map(), all: undefined })
  const [active, setActive] = useState(0)
  const lines = useMemo(() => linesOf(value, query, opened), [value, query, opened])
  const at = Math.min(active, lines.length - 1)
  const search = (text: string): void => {
    setQuery(text)
    setActive(nextMatch(linesOf(value, text, opened), -1, 1))
  }
  const onSearchKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    setActive(nextMatch(lines, at, event.shiftKey ? -1 : 1))
  }
  const matches = query === '' ? undefined : lines.filter((line) => line.isMatch).length
  const openAll = (open: boolean): void => setOpened({ chosen: new Map([[rootPath, true]]), all: open })
  return (
    <div className="json-view">
      <div className="json-view__bar">
        <SearchField label={words.search} value={query} onChange={search} onKeyDown={onSearchKey} />
        {matches !== undefined && (
          <span className="dim" role="status">
            {matches === 0 ? words.noMatches : words.matches(matches)}
          </span>
        )}
        <span className="toolbar__space" />
        <Button size="sm" variant="ghost" onClick={() => openAll(true)}>
          {words.expandAll}
        </Button>
        <Button size="sm" variant="ghost" onClick={() => openAll(false)}>
          {words.collapseAll}
        </Button>
        {copyLabel !== undefined && <CopyButton text={JSON.stringify(value, null, 2)} label={copyLabel} />}
      </div>
      <Tree
        label={label}
        lines={lines}
        active={at}
        onActive={setActive}
        onOpen={(path, open) => setOpened({ ...opened, chosen: new Map(opened.chosen).set(path, open) })}
      />
    </div>
  )
}

interface Opened {
  /** What the person opened or closed, by path. */
  readonly chosen: ReadonlyMap<string, boolean>
  /** All others, once the person said so. */
  readonly all: boolean | undefined
}

function linesOf(value: JsonValue, query: string, { chosen, all }: Opened): readonly JsonLine[] {
  const toMatches = pathsToMatches(value, query)
  return jsonLines(
    value,
    (path, depth) => toMatches.has(path) || (chosen.get(path) ?? all ?? depth < openDepth),
    query,
  )
}

/** The branch that a line hangs on; of the root, itself. */
function parentOf(lines: readonly JsonLine[], at: number): number {
  const depth = lines[at]?.depth ?? 0
  const above = lines.slice(0, at).findLastIndex((line) => line.depth < depth)
  return above < 0 ? at : above
}

interface TreeProps {
  readonly label: string
  readonly lines: readonly JsonLine[]
  /** The line that the keys are on; it is always in view. */
  readonly active: number
  readonly onActive: (index: number) => void
  readonly onOpen: (path: string, open: boolean) => void
}

function Tree({ label, lines, active: at, onActive, onOpen }: TreeProps): ReactNode {
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const rows = useJsonWindow(lines.length, box)
  const { scrollTo } = rows
  useEffect(() => scrollTo(at), [scrollTo, at])
  const onKeyDown = (event: KeyboardEvent): void => {
    const line = lines[at]
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1 }[event.key]
    if (to !== undefined) {
      onActive(Math.max(0, Math.min(lines.length - 1, to)))
    } else if (event.key === 'ArrowLeft' && line?.isOpen !== true) onActive(parentOf(lines, at))
    else if (line?.isBranch && (event.key === 'ArrowRight' || event.key === 'ArrowLeft'))
      onOpen(line.path, event.key === 'ArrowRight')
    else return
    event.preventDefault()
  }
  return (
    <div
      ref={box}
      className="json-view__tree"
      role="tree"
      aria-label={label}
      aria-activedescendant={`${id}-${at}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: rows.height, position: 'relative' }} role="presentation">
        {rows.lines.map((item) => {
          const line = lines[item.index]
          return line === undefined ? null : (
            <Line
              key={line.path}
              id={`${id}-${item.index}`}
              line={line}
              top={item.start}
              isActive={item.index === at}
              onClick={() => {
                onActive(item.index)
                if (line.isBranch) onOpen(line.path, !line.isOpen)
              }}
            />
          )
        })}
      </div>
    </div>
  )
}

/** More than any line of a screen shows. A browser lays out a line of 100,000 characters for many seconds. */
const shownCharacters = 1000

const start = (text: string): string =>
  text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text

interface LineProps {
  readonly id: string
  readonly line: JsonLine
  readonly top: number
  readonly isActive: boolean
  readonly onClick: () => void
}

function Line({ id, line, top, isActive, onClick }: LineProps): ReactNode {
  return (
    // The tree that holds the focus handles the keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      role="treeitem"
      tabIndex={-1}
      aria-level={line.depth + 1}
      aria-expanded={line.isBranch ? line.isOpen : undefined}
      aria-selected={isActive}
      className={classNames(
        'json-view__line',
        line.isMatch && 'json-view__line--match',
        line.isMatch && isActive && 'json-view__line--at',
      )}
      style={{ transform: `translateY(${top}px)`, paddingLeft: 8 + line.depth * 16 }}
      onClick={onClick}
    >
      <span className="json-view__fold" aria-hidden="true">
        {line.isBranch && (line.isOpen ? <ChevronDown /> : <ChevronRight />)}
      </span>
      {line.key !== undefined && <bdi className="json-view__key">{start(line.key)}: </bdi>}
      <bdi className={`json-view__value json-view__value--${line.kind}`} title={line.text.slice(0, 1000)}>
        {start(line.text)}
      </bdi>
    </div>
  )
}
