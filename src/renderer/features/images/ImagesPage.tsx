import { Download, FileUp, HardDrive } from 'lucide-react'
import type { ReactNode } from 'react'
import { useMemo, useRef, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { Image } from '../../../shared/model'
import { keyOf } from '../../../shared/model'
import { useT } from '../../i18n'
import { FilterBar, ListEmpty } from '../../objects/ListFrame'
import { useList, useMatching } from '../../objects/use-list'
import { useRows, useRunningEngines } from '../../store/inventory'
import { Button, DataTable, EmptyState, PageHeader } from '../../ui'
import { ImageDialogs, type ImageDialog } from './ImageDialogs'
import { imageMenu, useImageColumns } from './image-table'
import { loadImage } from './load-image'
import { useUsers } from './users'

type Filter = 'all' | 'used' | 'unused' | 'dangling'

/** All images of all engines. `?pull=<reference>` opens the pull dialog. */
export function ImagesPage(): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const asked = new URLSearchParams(useSearch()).get('pull')
  const [dialog, setDialog] = useState<ImageDialog | undefined>(
    asked === null ? undefined : { kind: 'pull', reference: asked },
  )
  const images = useRows('images')
  const list = useList<Filter>('images', 'all')
  const users = useUsers()
  const columns = useImageColumns(users)
  const rows = useFiltered(images, list)
  const open = (image: Image): void =>
    navigate(`/images/${encodeURIComponent(image.engine)}/${encodeURIComponent(image.id)}`)
  const run = (image: Image): void =>
    navigate(
      `/run?engine=${encodeURIComponent(image.engine)}&image=${encodeURIComponent(image.tags[0] ?? image.id)}`,
    )
  return (
    <div className="object-page">
      <PageHeader
        title={t('images.title')}
        subtitle={t('images.count', { count: images.length })}
        actions={<PageActions onDialog={setDialog} />}
      />
      <FilterBar
        list={list}
        filters={[
          { value: 'all', label: t('objects.all') },
          { value: 'used', label: t('objects.inUse') },
          { value: 'unused', label: t('objects.notInUse') },
          { value: 'dangling', label: t('images.filter.dangling') },
        ]}
      >
        <Button onClick={() => setDialog({ kind: 'prune' })}>{t('objects.prune')}</Button>
      </FilterBar>
      <DataTable
        label={t('images.title')}
        rows={rows}
        rowKey={keyOf}
        columns={columns}
        layout={list.layout}
        onLayout={list.setLayout}
        defaultSort={{ column: 'created', direction: 'asc' }}
        selection={list.selection}
        onSelection={list.setSelection}
        onOpen={open}
        onDelete={(chosen) => setDialog({ kind: 'remove', images: chosen })}
        menuFor={(chosen) => imageMenu(t, chosen, { onDialog: setDialog, onOpen: open, onRun: run })}
        bulkBar={(chosen) => (
          <Button variant="danger" size="sm" onClick={() => setDialog({ kind: 'remove', images: chosen })}>
            {t('objects.removeMany', { count: chosen.length })}
          </Button>
        )}
        isDim={(image) => image.tags.length === 0}
        empty={
          <ListEmpty
            list={list}
            none={<NoImages onPull={() => setDialog({ kind: 'pull', reference: '' })} />}
          />
        }
      />
      <ImageDialogs dialog={dialog} onClose={() => setDialog(undefined)} />
    </div>
  )
}

function useFiltered(
  images: readonly Image[],
  list: { readonly text: string; readonly engine: string; readonly filter: Filter },
): readonly Image[] {
  const users = useUsers()
  const matching = useMatching(images, list, (image) => [...image.tags, image.id])
  const { filter } = list
  return useMemo(() => {
    switch (filter) {
      case 'all':
        return matching
      case 'used':
        return matching.filter((image) => users(image).length > 0)
      case 'unused':
        return matching.filter((image) => users(image).length === 0)
      case 'dangling':
        return matching.filter((image) => image.tags.length === 0)
    }
  }, [matching, filter, users])
}

function PageActions({ onDialog }: { readonly onDialog: (dialog: ImageDialog) => void }): ReactNode {
  const t = useT()
  const input = useRef<HTMLInputElement>(null)
  const [engine] = useRunningEngines()
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".tar,.gz,.tgz,.xz,.zst"
        className="visually-hidden"
        tabIndex={-1}
        aria-label={t('images.load')}
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file && engine) void loadImage(engine.id, file)
          event.target.value = ''
        }}
      />
      <Button icon={<FileUp aria-hidden="true" />} disabled={!engine} onClick={() => input.current?.click()}>
        {t('images.load')}
      </Button>
      <Button
        variant="primary"
        icon={<Download aria-hidden="true" />}
        disabled={!engine}
        onClick={() => onDialog({ kind: 'pull', reference: '' })}
      >
        {t('images.pull')}
      </Button>
    </>
  )
}

function NoImages({ onPull }: { readonly onPull: () => void }): ReactNode {
  const t = useT()
  return (
    <EmptyState
      icon={<HardDrive aria-hidden="true" />}
      title={t('images.empty.title')}
      text={t('images.empty.text')}
      action={
        <Button variant="primary" onClick={onPull}>
          {t('images.pull')}
        </Button>
      }
    />
  )
}
