import {
  checkAccess,
  fileSystemFacts,
  fileSystemSpace,
  getAttributes,
  pathFacts,
  readLink,
  setAttributes,
} from './attribute-procedures'
import { commit, readFile, writeFile } from './data-procedures'
import { listFiles, listNames } from './listing-procedures'
import {
  create,
  linkFile,
  lookUp,
  makeFolder,
  makeLink,
  makeNode,
  remove,
  removeFolder,
  renameFile,
} from './name-procedures'
import { NfsError, nfsStatus, statusOf } from './nfs-status'
import type { NfsCall, Procedure, Served } from './served'
import { XdrError, XdrWriter } from '../wire/xdr'

export const nfsProgram = { program: 100003, version: 3 } as const

interface Entry {
  readonly run: Procedure
  /** How it goes with names: alone when it can put a link somewhere (`namespace-lock.ts`). */
  readonly names: 'alone' | 'still' | 'free'
  /** Words of zeros after a failure's status: that many attributes are not told. */
  readonly failureWords: number
  /** Done twice, its second answer would be wrong. */
  readonly isOnce?: true
}

const entries: readonly (Entry | undefined)[] = [
  undefined,
  { run: getAttributes, names: 'free', failureWords: 0 },
  { run: setAttributes, names: 'still', failureWords: 2, isOnce: true },
  { run: lookUp, names: 'still', failureWords: 1 },
  { run: checkAccess, names: 'still', failureWords: 1 },
  { run: readLink, names: 'still', failureWords: 1 },
  { run: readFile, names: 'free', failureWords: 1 },
  { run: writeFile, names: 'free', failureWords: 2 },
  { run: create, names: 'still', failureWords: 2, isOnce: true },
  { run: makeFolder, names: 'still', failureWords: 2, isOnce: true },
  { run: makeLink, names: 'alone', failureWords: 2, isOnce: true },
  { run: makeNode, names: 'still', failureWords: 2, isOnce: true },
  { run: remove, names: 'still', failureWords: 2, isOnce: true },
  { run: removeFolder, names: 'still', failureWords: 2, isOnce: true },
  { run: renameFile, names: 'alone', failureWords: 4, isOnce: true },
  { run: linkFile, names: 'alone', failureWords: 3, isOnce: true },
  { run: listNames, names: 'still', failureWords: 1 },
  { run: listFiles, names: 'still', failureWords: 1 },
  { run: fileSystemSpace, names: 'still', failureWords: 1 },
  { run: fileSystemFacts, names: 'still', failureWords: 1 },
  { run: pathFacts, names: 'still', failureWords: 1 },
  { run: commit, names: 'free', failureWords: 2 },
]

export const hasProcedure = (procedure: number): boolean => procedure < entries.length
export const isOnce = (procedure: number): boolean => entries[procedure]?.isOnce ?? false

/** Runs one procedure. Throws `XdrError` only: every other failure is an answer. */
export async function runNfs(
  served: Served,
  procedure: number,
  call: NfsCall,
): Promise<{ body: XdrWriter; bug?: unknown }> {
  const entry = entries[procedure]
  if (!entry) return { body: new XdrWriter() }
  try {
    const result = await inTurn(served, entry, call)
    return { body: new XdrWriter().u32(nfsStatus.ok).append(result) }
  } catch (error) {
    if (error instanceof XdrError) throw error
    const status = statusOf(error)
    const body = new XdrWriter().u32(status)
    for (let word = 0; word < entry.failureWords; word++) body.u32(0)
    const isBug = status === nfsStatus.serverFault && !(error instanceof NfsError)
    return isBug ? { body, bug: error } : { body }
  }
}

function inTurn(served: Served, entry: Entry, call: NfsCall): Promise<XdrWriter> {
  const run = (): Promise<XdrWriter> => entry.run(served, call)
  if (entry.names === 'alone') return served.lock.alone(run)
  return entry.names === 'still' ? served.lock.shared(run) : run()
}
