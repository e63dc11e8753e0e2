import type { ReactNode } from 'react'
import { shownName, type FileList, type FilePath } from '../../../../shared/model/file-entry'
import { useT } from '../../../i18n'
import { formatNumber } from '../../../i18n/format'

/** What the person has to know of this folder: not whole, not to be changed, elsewhere in truth. */
export function Notes({ list, folder }: { readonly list: FileList; readonly folder: FilePath }): ReactNode {
  const t = useT()
  const shown = formatNumber(list.entries.length)
  return (
    <>
      {list.cut === 'time' && <Note>{t('files.cut.time')}</Note>}
      {list.cut === 'count' && (
        <Note>
          {t('files.cut.count', { shown, total: list.total === undefined ? '…' : formatNumber(list.total) })}
        </Note>
      )}
      {list.isReadOnly === true && <Note>{t('files.readOnly.text')}</Note>}
      {list.path !== folder && <Note>{t('files.path.leadsTo', { path: shownName(list.path) })}</Note>}
    </>
  )
}

const Note = ({ children }: { readonly children: ReactNode }): ReactNode => (
  <p className="files__note" role="status">
    {children}
  </p>
)

interface FootProps {
  readonly list: FileList
  readonly shown: number
  /** Of all that is read of the tree. */
  readonly changes: number
  readonly chosen: number
}

/** Counts, and the road: who reads, and what would be faster. */
export function Foot({ list, shown, changes, chosen }: FootProps): ReactNode {
  const t = useT()
  const road = t(list.road === 'agent' ? 'files.road.agent' : 'files.road.api')
  return (
    <footer className="files__foot">
      <span className="num">{t('files.count', { count: shown })}</span>
      {chosen > 0 && <span className="num">{t('files.chosen', { count: chosen })}</span>}
      {changes > 0 && <span className="num">{t('files.changesHere', { count: changes })}</span>}
      <span className="toolbar__space" />
      <span className="files__road truncate" title={road}>
        {road}
      </span>
      {list.road === 'api' && <a href="#/engine">{t('files.road.faster')}</a>}
    </footer>
  )
}
