// The helper's image on an engine: there is one of this version at most, and only what we made is run.
import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { AppError, isCode } from '../../../shared/errors'
import { helperLabel } from '../../../shared/model'
import { log } from '../platform/log'
import type { HelperEngine } from './helper-engine'
import { helperConfig, helperImage, type HelperImage } from './helper-image'
import { RuledOut, type AgentBinary } from './road'

/** The name of the image, and of the one program in it. */
export const repository = 'slipway-agent'

/** What is asked of an engine; the megabytes that it is loaded from are made when they are needed. */
type Wanted = Omit<HelperImage, 'tar'>

/** By the program's path: the same program makes the same image, and to make it takes a hash of all of it. */
const made = new Map<string, Wanted>()
/** What an engine that does not call the image by its own id calls it, for as long as we are connected to it. */
const storedAs = new WeakMap<HelperEngine, string>()

interface ImageDeps {
  readonly engine: HelperEngine
  readonly binary: AgentBinary
}

/** The image's id on this engine, which has no other of ours then. Throws a RuledOut where it cannot be had. */
export async function ensureImage({ engine, binary }: ImageDeps, signal: AbortSignal): Promise<string> {
  const wanted = made.get(binary.path) ?? (await make(binary))
  const before = await idThere(engine, wanted, signal)
  await removeImages(engine, before, signal)
  if (before) return before
  const image = await make(binary)
  await load(engine, image, signal)
  const id = (await idThere(engine, image, signal)) ?? (await idByName(engine, image, signal))
  if (id) return id
  await removeImages(engine, undefined, signal)
  throw new RuledOut('image')
}

async function make({ path, version }: AgentBinary): Promise<HelperImage> {
  const image = helperImage(repository, version, await readFile(path))
  const { tar: _, ...wanted } = image
  made.set(path, wanted)
  return image
}

async function load(engine: HelperEngine, { tar }: HelperImage, signal: AbortSignal): Promise<void> {
  const answer = await engine.stream({
    method: 'POST',
    path: '/images/load',
    query: { quiet: 1 },
    upload: [tar],
    signal,
  })
  let said = ''
  for await (const chunk of answer) said = (said + String(chunk)).slice(-4096)
  const detail = /"error":"([^"]*)"/.exec(said)?.[1]
  if (detail === undefined) return
  throw new AppError('engine.failed', `The engine did not take the agent's image: ${detail}`, {
    facts: { detail },
  })
}

/** It is asked for by id: whoever loads an image may give it our name. */
async function idThere(
  engine: HelperEngine,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const id of wanted.ids) if ((await inspect(engine, id, signal))?.Id === id) return id
  const stored = storedAs.get(engine)
  const found = stored && (await inspect(engine, stored, signal))
  return found && isOurs(found, wanted) ? found.Id : undefined
}

/**
 * An engine may store an image in another form, and so under another id. What has our name after we have loaded it
 * is ours only by its content: the name may have been given to another one meanwhile.
 */
async function idByName(
  engine: HelperEngine,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<string | undefined> {
  const found = await inspect(engine, wanted.name, signal)
  if (!found || !isOurs(found, wanted)) return undefined
  storedAs.set(engine, found.Id)
  return found.Id
}

interface Inspected {
  readonly Id: string
  readonly Config: Readonly<Record<string, unknown>> | null
  readonly RootFS: { readonly Layers?: readonly string[] | null }
}

async function inspect(
  engine: HelperEngine,
  name: string,
  signal: AbortSignal,
): Promise<Inspected | undefined> {
  try {
    return await engine.json<Inspected>({ path: `/images/${encodeURIComponent(name)}/json`, signal })
  } catch (error) {
    if (isCode(error, 'object.not-found')) return undefined
    throw error
  }
}

/** Just our program, and nothing said of how it runs: no user, volume, variable or health check of anybody else's. */
function isOurs({ Config, RootFS }: Inspected, { diffId }: Wanted): boolean {
  const said = Object.entries(Config ?? {}).filter(([, value]) => !isEmpty(value))
  return (
    isDeepStrictEqual(RootFS.Layers, [diffId]) && isDeepStrictEqual(Object.fromEntries(said), helperConfig)
  )
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? Object.keys(value).length === 0 : !value

/** Takes away all images of ours but that one. An image that another core's agent runs on stays. */
export async function removeImages(engine: HelperEngine, but?: string, signal?: AbortSignal): Promise<void> {
  for (const id of await imagesOfOurs(engine, signal)) if (id !== but) await removeImage(engine, id)
}

/** Any image may have the label: one that has another name, too, is a person's. */
async function imagesOfOurs(engine: HelperEngine, signal?: AbortSignal): Promise<readonly string[]> {
  const images = await engine.json<{ Id: string; RepoTags: string[] | null }[]>({
    path: '/images/json',
    query: { filters: { label: [`${helperLabel}=agent`] } },
    ...(signal && { signal }),
  })
  const isNameOfOurs = (tag: string): boolean => tag.startsWith(`${repository}:`) || tag === '<none>:<none>'
  return images.filter(({ RepoTags }) => (RepoTags ?? []).every(isNameOfOurs)).map(({ Id }) => Id)
}

const removeImage = (engine: HelperEngine, id: string): Promise<unknown> =>
  engine
    .json({ method: 'DELETE', path: `/images/${encodeURIComponent(id)}` })
    // Another core's agent may run on it.
    .catch((error: unknown) => log.debug('agent', 'an image of the agent stays', { error }))
