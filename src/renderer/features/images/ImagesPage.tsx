import { Download, FileUp, HardDrive } from 'lucide-react'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Image } from '../../../shared/model'
import { useT } from '../../i18n'
import { useListEngine } from '../../objects/EngineChoice'
import { ObjectList } from '../../objects/ObjectList'
import { useFiltersByUse } from '../../objects/UsedBy'
import { useAsked, type Askable } from '../../objects/use-asked'
import { useEngineFilter } from '../../store/engine-filter'
import { useRows, useRunningEngines } from '../../store/inventory'
import { Button, EmptyState, Menu } from '../../ui'
import { ImageDialogs, type ImageDialog } from './ImageDialogs'
import { imageMenu } from './image-menu'
import { useImageColumns } from './image-table'
import { chooseImageFile } from './load-image'
import { comparePath, imagePath, runPath, useUsers } from './users'

const askable: Askable<ImageDialog> = {
  pull: (reference) => ({ kind: 'pull', reference }),
  prune: () => ({ kind: 'prune' }),
}

/** All images of all engines. `?pull=<reference>` opens the pull dialog, `?prune` the clean-up. */
export function ImagesPage(): ReactNode {
  const t = useT()
  const [, navigate] = useLocation()
  const [dialog, setDialog] = useState<ImageDialog>()
  useAsked(askable, setDialog)
  const images = useRows('images')
  const users = useUsers()
  const byUse = useFiltersByUse(users)
  const columns = useImageColumns(users)
  const open = (image: Image): void => navigate(imagePath(image))
  const compare = (before: Image, after?: Image): void => navigate(comparePath(before, after))
  const run = (image: Image): void => navigate(runPath(image))
  const pull = (): void => setDialog({ kind: 'pull', reference: '' })
  return (
    <>
      <ObjectList
        name="images"
        title={t('images.title')}
        count={t('images.count', { count: images.length })}
        rows={images}
        columns={columns}
        defaultSort={{ column: 'created', direction: 'asc' }}
        filters={[
          { value: 'all', label: t('objects.all'), keep: () => true },
          ...byUse,
          { value: 'dangling', label: t('images.filter.dangling'), keep: (image) => image.tags.length === 0 },
        ]}
        wordsOf={wordsOf}
        onOpen={open}
        onRemove={(chosen) => setDialog({ kind: 'remove', images: chosen })}
        menuFor={(chosen) =>
          imageMenu(t, chosen, { onDialog: setDialog, onOpen: open, onRun: run, onCompare: compare })
        }
        bulkActions={(chosen) => <CompareTwo chosen={chosen} onCompare={compare} />}
        isDim={(image) => image.tags.length === 0}
        actions={<PageActions onPull={pull} />}
        tools={<Button onClick={() => setDialog({ kind: 'prune' })}>{t('objects.prune')}</Button>}
        none={<NoImages onPull={pull} />}
      />
      <ImageDialogs dialog={dialog} onClose={() => setDialog(undefined)} />
    </>
  )
}

/** Offered where just two are chosen. */
function CompareTwo({
  chosen,
  onCompare,
}: {
  readonly chosen: readonly Image[]
  readonly onCompare: (before: Image, after: Image) => void
}): ReactNode {
  const t = useT()
  const [before, after, third] = chosen
  if (!before || !after || third) return null
  return (
    <Button size="sm" onClick={() => onCompare(before, after)}>
      {t('layers.compare.actionTwo')}
    </Button>
  )
}

function PageActions({ onPull }: { readonly onPull: () => void }): ReactNode {
  const t = useT()
  const [engine] = useRunningEngines()
  return (
    <>
      <LoadButton />
      <Button variant="primary" icon={<Download aria-hidden="true" />} disabled={!engine} onClick={onPull}>
        {t('images.pull')}
      </Button>
    </>
  )
}

/** Loads into the engine whose images are shown; where those of several are, it asks which. */
function LoadButton(): ReactNode {
  const t = useT()
  const running = useRunningEngines()
  const ofSidebar = useEngineFilter()
  const shown = useListEngine('images') || ofSidebar
  const engines = shown ? running.filter(({ id }) => id === shown) : running
  const [first, ...others] = engines
  const button = (
    <Button
      icon={<FileUp aria-hidden="true" />}
      disabled={!first}
      onClick={first && others.length === 0 ? () => chooseImageFile(first.id) : undefined}
    >
      {t('images.load')}
    </Button>
  )
  if (others.length === 0) return button
  return (
    <Menu
      trigger={button}
      items={engines.map((engine) => ({ label: engine.name, onSelect: () => chooseImageFile(engine.id) }))}
    />
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

const wordsOf = (image: Image): string[] => [...image.tags, image.id]
