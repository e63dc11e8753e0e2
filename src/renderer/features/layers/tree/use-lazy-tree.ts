import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useT } from '../../../i18n'
import { errorWords } from '../../../i18n/error-words'
import type { TreeLine } from '../../../ui'
import { ancestors, folderOfMore, LazyTree, toLines, type LoadPage, type TreeEntry } from './lazy-tree'

export interface LazyTreeView<E> {
  readonly lines: readonly TreeLine<E>[]
  readonly onFold: (path: string, expand: boolean) => void
  readonly onVisible: (keys: readonly string[]) => void
  /** Asks again for what failed. */
  readonly retry: (key: string) => void
}

interface LazyTreeInput<E> {
  /** What is asked about: another text is another tree; the folders stay unfolded. */
  readonly identity: string
  readonly load: LoadPage<E>
  readonly path: string | undefined
  readonly onPath: (path: string) => void
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
  const retry = useCallback((key: string) => tree.more(folderOfMore(key) ?? key), [tree])
  return { lines, onFold, onVisible, retry }
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
