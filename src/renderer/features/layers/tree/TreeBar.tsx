import type { ReactNode } from 'react'
import { useT } from '../../../i18n'
import { Button, SearchField, Toolbar } from '../../../ui'

export const allMarks = ['added', 'changed', 'removed'] as const
/** Which changes are shown; none: everything. */
export type Marks = readonly (typeof allMarks)[number][]

interface TreeBarProps {
  readonly view: 'layer' | 'sum'
  readonly onView: (view: 'layer' | 'sum') => void
  readonly marks: Marks
  readonly onMarks: (marks: Marks) => void
  readonly text: string
  readonly onText: (text: string) => void
}

export function TreeBar(props: TreeBarProps): ReactNode {
  const t = useT()
  return (
    <Toolbar label={t('layers.tree.bar')}>
      <span className="layers-segments" role="group" aria-label={t('layers.view.label')}>
        {(['sum', 'layer'] as const).map((view) => (
          <Button
            key={view}
            size="sm"
            variant={props.view === view ? 'default' : 'ghost'}
            aria-pressed={props.view === view}
            title={t(`layers.view.${view}Hint`)}
            onClick={() => props.onView(view)}
          >
            {t(`layers.view.${view}`)}
          </Button>
        ))}
      </span>
      <SearchField label={t('layers.tree.search')} value={props.text} onChange={props.onText} width={180} />
      <MarkButtons marks={props.marks} onMarks={props.onMarks} />
    </Toolbar>
  )
}

export function MarkButtons({ marks, onMarks }: Pick<TreeBarProps, 'marks' | 'onMarks'>): ReactNode {
  const t = useT()
  return (
    <span className="layers-segments" role="group" aria-label={t('layers.tree.only')}>
      {allMarks.map((mark) => (
        <Button
          key={mark}
          size="sm"
          variant={marks.includes(mark) ? 'default' : 'ghost'}
          aria-pressed={marks.includes(mark)}
          onClick={() =>
            onMarks(marks.includes(mark) ? marks.filter((one) => one !== mark) : [...marks, mark])
          }
        >
          <span className={`layers-mark layers-mark--${mark}`} aria-hidden="true">
            {{ added: '+', changed: '~', removed: '−' }[mark]}
          </span>
          {t(`layers.change.${mark}`)}
        </Button>
      ))}
    </span>
  )
}
