import { createPackage } from '@electron/asar'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NtExecutable, NtExecutableResource, Resource } from 'resedit'

/**
 * Folders shaped like Electron's own downloads, with programs that run nothing: enough for
 * electron-builder to package, name and flip fuses, where the real download cannot be had.
 */

/** Electron's fuse wire: the sentinel, a version, a length, and one digit per fuse (as 45.4.1 ships them). */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const wire = Buffer.concat([Buffer.from(sentinel), Buffer.from([1, 9]), Buffer.from('101100000')])

/** Writes a stub of Electron for Linux into `folder`. */
export async function makeLinuxStub(folder: string): Promise<void> {
  mkdirSync(join(folder, 'resources'), { recursive: true })
  writeFileSync(
    join(folder, 'electron'),
    Buffer.concat([Buffer.from('#!/bin/sh\nexit 0\n#'), wire, Buffer.from('\n')]),
  )
  chmodSync(join(folder, 'electron'), 0o755)
  writeCommon(folder)
  await writeDefaultApp(join(folder, 'resources'))
}

/** Writes a stub of Electron for Windows: a portable executable without code, the wire in a resource. */
export async function makeWindowsStub(folder: string): Promise<void> {
  mkdirSync(join(folder, 'resources'), { recursive: true })
  const program = NtExecutable.createEmpty(false, false)
  const resource = NtExecutableResource.from(program)
  const version = Resource.VersionInfo.createEmpty()
  version.setFileVersion(45, 4, 1, 0, 1033)
  version.setStringValues({ lang: 1033, codepage: 1200 }, { FileDescription: 'stub', ProductName: 'stub' })
  version.outputToResourceEntries(resource.entries)
  const bin = new Uint8Array(wire).buffer
  resource.entries.push({ type: 10, id: 1, lang: 1033, codepage: 1200, bin })
  resource.outputResource(program)
  writeFileSync(join(folder, 'electron.exe'), Buffer.from(program.generate()))
  writeCommon(folder)
  await writeDefaultApp(join(folder, 'resources'))
}

function writeCommon(folder: string): void {
  writeFileSync(join(folder, 'version'), '45.4.1')
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) writeFileSync(join(folder, name), 'stub\n')
}

/** A real archive: electron-builder reads its header. */
async function writeDefaultApp(resources: string): Promise<void> {
  const source = join(resources, 'default-app')
  mkdirSync(source)
  writeFileSync(join(source, 'package.json'), '{}')
  await createPackage(source, join(resources, 'default_app.asar'))
}
