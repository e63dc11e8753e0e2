/** How the rows of each kind are asked for: all at once, or some by id. */
import { isCode } from '../../../shared/errors'
import type { Image, Kind, Rows } from '../../../shared/model'
import { pathPart, type EngineClient } from '../engine/engine'
import { hasContainerdStore } from '../engine/facts'
import { containerRows } from './container-row'
import { agelessStatus } from './container-status'
import { imageRow, imageRows } from './image-row'
import { networkRow, networkRows } from './network-row'
import { volumeRow, volumeRows } from './volume-row'

export interface RowSource<K extends Kind> {
  list(client: EngineClient, signal: AbortSignal): Promise<Rows[K][]>
  /** Rows of those that exist; an id that brings no row is gone. */
  some(client: EngineClient, wanted: Wanted): Promise<Rows[K][]>
  /** Equal texts mean that a person would see no difference. */
  textOf(row: Rows[K]): string
  /** Other rows that a new row makes untrue. */
  related(row: Rows[K], rows: Iterable<Rows[K]>): readonly string[]
}

export interface Wanted {
  readonly ids: readonly string[]
  readonly signal: AbortSignal
}

/** Many images or a slow volume plugin take an engine their time; mostly these lists are as quick as the others. */
const mayLast = { timeoutMs: 120_000, isQuick: true }

const none = (): readonly string[] => []

// Never `size=1`: it walks every container's files.
const containers: RowSource<'containers'> = {
  list: async (client, signal) =>
    containerRows(client.id, await client.json({ path: '/containers/json', query: { all: 1 }, signal })),
  some: async (client, { ids, signal }) => {
    const query = { all: 1, filters: { id: ids } }
    const wanted = new Set(ids)
    const rows = containerRows(client.id, await client.json({ path: '/containers/json', query, signal }))
    // The filter goes by prefix, and an old Podman knows it not at all.
    return rows.filter((row) => wanted.has(row.id))
  },
  // Ages grow by themselves: "Up 5 minutes" and "Up 6 minutes" are one fact.
  textOf: (row) => JSON.stringify({ ...row, status: agelessStatus(row.status) }),
  related: none,
}

const images: RowSource<'images'> = {
  list: async (client, signal) =>
    imageRows(client.id, await client.json({ path: '/images/json', signal, ...mayLast })),
  some: async (client, { ids, signal }) => {
    const read = async (id: string): Promise<Image | undefined> => {
      const row = imageRow(client.id, await one(client, `/images/${pathPart(id)}/json`, signal))
      return row && { ...row, sizeBytes: await imageSize(client, row, signal) }
    }
    return present(await Promise.all(ids.map(read)))
  },
  textOf: (row) => JSON.stringify(row),
  // A tag names one image: the image that had it before has lost it, and no event says so.
  related: (row, rows) => {
    const tags = new Set(row.tags)
    const others = [...rows].filter((other) => other.id !== row.id && other.tags.some((tag) => tags.has(tag)))
    return others.map((other) => other.id)
  },
}

/**
 * With containerd's image store an inspect tells another size than a list; the list's is what people know. Asked for
 * each time: a platform of the image may have come or gone under its id.
 */
async function imageSize(client: EngineClient, row: Image, signal: AbortSignal): Promise<number> {
  if (!hasContainerdStore(client.facts)) return row.sizeBytes
  const name = row.tags[0] ?? row.digests[0]
  const query = { filters: name ? { reference: [name] } : { dangling: ['true'] } }
  const listed = imageRows(client.id, await client.json({ path: '/images/json', query, signal }))
  return listed.find((other) => other.id === row.id)?.sizeBytes ?? row.sizeBytes
}

const volumes: RowSource<'volumes'> = {
  list: async (client, signal) =>
    volumeRows(client.id, await client.json({ path: '/volumes', signal, ...mayLast })),
  some: async (client, { ids, signal }) =>
    present(
      await Promise.all(
        ids.map(async (id) => volumeRow(client.id, await one(client, `/volumes/${pathPart(id)}`, signal))),
      ),
    ),
  textOf: (row) => JSON.stringify(row),
  related: none,
}

const networks: RowSource<'networks'> = {
  list: async (client, signal) => networkRows(client.id, await client.json({ path: '/networks', signal })),
  some: async (client, { ids, signal }) =>
    present(
      await Promise.all(
        ids.map(async (id) => networkRow(client.id, await one(client, `/networks/${pathPart(id)}`, signal))),
      ),
    ),
  textOf: (row) => JSON.stringify(row),
  related: none,
}

export const rowSources: { readonly [K in Kind]: RowSource<K> } = { containers, images, volumes, networks }

/** An inspect, or `undefined` when the object is gone. */
async function one(client: EngineClient, path: string, signal: AbortSignal): Promise<unknown> {
  try {
    return await client.json({ path, signal })
  } catch (error) {
    if (isCode(error, 'object.not-found')) return undefined
    throw error
  }
}

const present = <T>(rows: readonly (T | undefined)[]): T[] =>
  rows.filter((row): row is T & {} => row !== undefined)
