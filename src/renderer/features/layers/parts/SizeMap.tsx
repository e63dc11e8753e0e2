import { ChevronRight } from 'lucide-react'
import { Fragment, useMemo, type ReactNode } from 'react'
import type { ObjectRef, SizeNode } from '../../../../shared/model'
import { useCall } from '../../../api'
import { useT } from '../../../i18n'
import { errorWords } from '../../../i18n/error-words'
import { formatBytes, formatPercent } from '../../../i18n/format'
import { Button, EmptyState, ErrorState, Loading, Toolbar, Treemap, type TreemapNode } from '../../../ui'
import type { Placing } from '../place'

interface SizeMapProps {
  readonly imageRef: ObjectRef
  readonly layer: number
  readonly placing: Placing
}

/** Where the bytes are, as areas. A folder's cell goes into it; a file's cell chooses the file. */
export function SizeMap({ imageRef, layer, placing }: SizeMapProps): ReactNode {
  const t = useT()
  const { place, go } = placing
  const { folder, sizes } = useSizes({ ...imageRef, layer, view: place.view }, place.path ?? '/')
  const root = useMemo(() => sizes.value && toTreemap(sizes.value, t), [sizes.value, t])
  const up = folder === '/' ? undefined : () => go({ path: above(folder) })
  return (
    <div className="layers-map">
      <Toolbar label={t('layers.map.crumbs')}>
        <Crumbs path={folder} onGo={(path) => go({ path })} />
        <span className="toolbar__space" />
        <span className="num">{sizes.value && formatBytes(sizes.value.bytes)}</span>
      </Toolbar>
      {sizes.state === 'loading' && <Loading label={t('layers.map.loading')} />}
      {sizes.state === 'failed' && (
        <ErrorState
          title={errorWords(t, sizes.error).title}
          text={errorWords(t, sizes.error).text}
          action={<Button onClick={() => go({ path: undefined })}>{t('layers.map.toRoot')}</Button>}
        />
      )}
      {root && root.value === 0 && <EmptyState title={t('layers.map.empty')} />}
      {root && root.value > 0 && (
        <Treemap
          label={t('layers.map.label', { path: folder })}
          root={root}
          describe={(node) =>
            t('layers.map.cell', {
              name: node.name,
              size: formatBytes(node.value),
              percent: formatPercent((node.value / root.value) * 100),
            })
          }
          onChoose={(node) => {
            if (node.isFolder) go({ path: node.key })
            else if (node.key.startsWith('/')) go({ path: node.key, show: 'tree' })
          }}
          onUp={up}
        />
      )}
      <p className="layers-note">{t('layers.map.hint')}</p>
    </div>
  )
}

interface Where extends ObjectRef {
  readonly layer: number
  readonly view: 'layer' | 'sum'
}

/** Of the chosen folder; a chosen file stands for the folder that it is in. */
function useSizes(where: Where, path: string) {
  const depths = { depth: 3, limit: 600 }
  const own = useCall('layers.sizes', { ...where, path, ...depths })
  const isFolder = own.value === undefined || own.value.kind === 'folder'
  const outer = useCall('layers.sizes', isFolder ? null : { ...where, path: above(path) ?? '/', ...depths })
  return isFolder ? { folder: path, sizes: own } : { folder: above(path) ?? '/', sizes: outer }
}

function toTreemap(node: SizeNode, t: ReturnType<typeof useT>): TreemapNode {
  const isOthers = node.kind === 'others'
  return {
    key: isOthers ? `others ${node.path}` : node.path,
    name: isOthers ? t('layers.map.others', { count: node.count }) : node.name,
    value: node.bytes,
    isFolder: node.kind === 'folder',
    children: node.children?.map((child) => toTreemap(child, t)),
  }
}

const above = (path: string): string | undefined => path.replace(/\/[^/]*$/, '') || undefined

function Crumbs({
  path,
  onGo,
}: {
  readonly path: string
  readonly onGo: (path: string | undefined) => void
}): ReactNode {
  const t = useT()
  const names = path.split('/').filter(Boolean)
  return (
    <nav className="layers-crumbs" aria-label={t('layers.map.crumbs')}>
      <Button size="sm" variant="ghost" onClick={() => onGo(undefined)}>
        /
      </Button>
      {names.map((name, at) => {
        const target = `/${names.slice(0, at + 1).join('/')}`
        return (
          <Fragment key={target}>
            <ChevronRight aria-hidden="true" />
            <Button
              size="sm"
              variant="ghost"
              aria-current={at === names.length - 1 ? 'location' : undefined}
              onClick={() => onGo(target)}
            >
              <bdi>{name}</bdi>
            </Button>
          </Fragment>
        )
      })}
    </nav>
  )
}
