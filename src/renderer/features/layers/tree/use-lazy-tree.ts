import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useT } from '../../../i18n'
import { errorWords } from '../../../i18n/error-words'
import type { TreeLine } from '../../../ui'
import {
  ancestors,
  folderOfMore,
  LazyTree,
  moreKey,
  toLines,
  type LoadPage,
  type TreeEntry,
} from './lazy-tree'

export interface LazyTreeView<E> {
  readonly lines: readonly TreeLine<E>[]
  /** The chosen path, or a line that stands for what has not come. */
  readonly active: string | undefined
  readonly onActive: (key: string) => void
  readonly onFold: (path: string, expand: boolean) => void
  readonly onVisible: (keys: readonly string[]) => void
  /** Folds and unfolds a folder, asks again for what failed, opens what is neither. */
  readonly onOpen: (key: string) => void
}

interface LazyTreeInput<E> {
  /** What is asked about: another text is another tree; the folders stay unfolded. */
  readonly identity: string
  readonly load: LoadPage<E>
  readonly path: string | undefined
  readonly onPath: (path: string) => void
  /** Of a file. */
  readonly onOpen?: ((path: string) => void) | undefined
}

/** The lines of a tree that loads as it is unfolded. The chosen path's folders are always unfolded. */
export function useLazyTree<E extends TreeEntry>(input: LazyTreeInput<E>): LazyTreeView<E> {
  const t = useT()
  const { identity, path, onPath } = input
  const load = useRef(input.load)
  useEffect(() => {
    load.current = input.load
  })
  const tree = useMemo(
    // It loads when it is opened, which no drawing does.
    // oxlint-disable-next-line react/refs
    () => ({ identity, tree: new LazyTree<E>((...asked) => load.current(...asked)) }),
    [identity],
  ).tree
  const [expanded, setExpanded] = useUnfolded(path)
  const version = useSyncExternalStore(tree.subscribe, tree.version)
  useEffect(() => {
    tree.open('/')
    for (const one of expanded) tree.open(one)
  }, [tree, expanded])
  useEffect(() => () => tree.close(), [tree])
  const lines = useMemo(() => {
    const words = {
      loading: t('layers.tree.loading'),
      failed: (error: Parameters<typeof errorWords>[1]) =>
        t('layers.tree.failed', { why: errorWords(t, error).title }),
    }
    // The tree is one object for its life: its version tells that it knows more.
    return version >= 0 ? toLines(tree, expanded, words) : []
  }, [tree, version, expanded, t])
  const onFold = useCallback(
    (key: string, expand: boolean) => {
      setExpanded((before) => withOrWithout(before, key, expand))
      // What is chosen must not be hidden: the folder is chosen then.
      if (!expand && path?.startsWith(`${key}/`) === true) onPath(key)
    },
    [setExpanded, path, onPath],
  )
  const onVisible = useCallback(
    (keys: readonly string[]) => {
      for (const key of keys) {
        const folder = folderOfMore(key)
        if (folder !== undefined && !tree.folder(folder).error) tree.more(folder)
      }
    },
    [tree],
  )
  const awaited = useAwaited(input, tree)
  const onOpen = (key: string): void => {
    const line = lines.find((one) => one.key === key)
    if (line?.row === undefined) tree.more(folderOfMore(key) ?? key)
    else if (line.isExpanded !== undefined) onFold(key, !line.isExpanded)
    else input.onOpen?.(key)
  }
  return { lines, ...awaited, onFold, onVisible, onOpen }
}

/** An entry that somebody went to before it came: the tree it belongs to, its folder, its place there. */
interface Awaited<E extends TreeEntry> {
  readonly tree: LazyTree<E>
  readonly folder: string
  readonly at: number
}

/** Who goes on to a line that says "loading" goes on to what comes in its place. */
function useAwaited<E extends TreeEntry>(
  { path, onPath }: Pick<LazyTreeInput<E>, 'path' | 'onPath'>,
  tree: LazyTree<E>,
) {
  const [awaited, setAwaited] = useState<Awaited<E>>()
  const [from, setFrom] = useState(path)
  if (path !== from) {
    setFrom(path)
    setAwaited(undefined)
  }
  const now = awaited?.tree === tree ? awaited : undefined
  const come = now && tree.folder(now.folder).entries[now.at]?.path
  useEffect(() => {
    if (come !== undefined && come !== path) onPath(come)
  }, [come, path, onPath])
  return {
    active: now ? (come ?? moreKey(now.folder)) : path,
    onActive: (key: string): void => {
      const folder = folderOfMore(key)
      setAwaited(folder === undefined ? undefined : { tree, folder, at: tree.folder(folder).entries.length })
      if (folder === undefined) onPath(key)
    },
  }
}

type Unfolded = ReadonlySet<string>

/** Which folders are unfolded: those that a person unfolded, and those above whatever was chosen. */
function useUnfolded(path: string | undefined) {
  const [shown, setShown] = useState<string>()
  const [expanded, setExpanded] = useState<Unfolded>(new Set())
  if (path !== shown) {
    setShown(path)
    const missing = path === undefined ? [] : ancestors(path).filter((one) => !expanded.has(one))
    if (missing.length > 0) setExpanded(new Set([...expanded, ...missing]))
  }
  return [expanded, setExpanded] as const
}

function withOrWithout(set: Unfolded, key: string, isIn: boolean): Unfolded {
  const next = new Set(set)
  if (isIn) next.add(key)
  else next.delete(key)
  return next
}
