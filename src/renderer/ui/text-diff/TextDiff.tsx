import { ArrowDown, ArrowUp } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { CodeEditorWords } from '../code-editor'
import { IconButton } from '../IconButton'
import { ErrorState, Loading } from '../StatePanel'
import type { OpenDiff, openDiff } from './open-diff'
import './text-diff.css'

export interface TextDiffWords extends CodeEditorWords {
  readonly next: string
  readonly previous: string
  readonly same: string
  readonly places: (count: number) => string
}

export interface TextDiffProps {
  /** Other texts are another comparison: give it another `key`. */
  readonly before: string
  readonly after: string
  readonly fileName: string
  readonly labels: { readonly before: string; readonly after: string }
  readonly words: TextDiffWords
}

/** Two texts side by side. What draws them is big and comes when the first one is drawn. */
export function TextDiff(props: TextDiffProps): ReactNode {
  const { words } = props
  const box = useRef<HTMLDivElement>(null)
  const first = useRef(props)
  const [diff, setDiff] = useState<OpenDiff | 'failed'>()
  useEffect(() => {
    let isGone = false
    let opened: OpenDiff | undefined
    load().then(
      (open) => {
        if (isGone || !box.current) return
        const { words: given, ...texts } = first.current
        opened = open(box.current, { ...texts, phrases: given.phrases })
        setDiff(opened)
      },
      () => !isGone && setDiff('failed'),
    )
    return () => {
      isGone = true
      opened?.close()
    }
  }, [])
  if (diff === 'failed') return <ErrorState title={words.failed} />
  return (
    <div className="text-diff">
      <div className="text-diff__bar">
        <bdi className="text-diff__side">{props.labels.before}</bdi>
        <bdi className="text-diff__side">{props.labels.after}</bdi>
        <span className="text-diff__places" role="status">
          {diff && (diff.places === 0 ? words.same : words.places(diff.places))}
        </span>
        <IconButton size="sm" label={words.previous} icon={<ArrowUp />} onClick={() => diff?.previous()} />
        <IconButton size="sm" label={words.next} icon={<ArrowDown />} onClick={() => diff?.next()} />
      </div>
      {diff === undefined && <Loading label={words.loading} />}
      <div ref={box} className="text-diff__host" />
    </div>
  )
}

/** Chromium breaks off what it is loading when a network of the host comes or goes, as engines make them. */
async function load(): Promise<typeof openDiff> {
  for (let attempt = 0; attempt < 4; attempt++) {
    try {
      return (await import('./open-diff')).openDiff
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 300 * 2 ** attempt))
    }
  }
  return (await import('./open-diff')).openDiff
}
