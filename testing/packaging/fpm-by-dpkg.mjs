#!/usr/bin/env node
// Stands in for fpm where it cannot be had: takes the arguments that electron-builder gives for a deb and
// lets dpkg-deb do the work. An argument that it does not know fails.
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const lists = { '-d': 'depends', '--deb-recommends': 'recommends' }
const singles = {
  '-s': 'source',
  '-t': 'target',
  '--deb-compression': 'compression',
  '--architecture': 'architecture',
  '--after-install': 'postinst',
  '--after-remove': 'postrm',
  '--description': 'description',
  '--version': 'version',
  '--package': 'out',
  '--name': 'name',
  '--maintainer': 'maintainer',
  '--vendor': 'vendor',
  '--url': 'url',
  '--deb-priority': 'priority',
  '--license': 'license',
  '--category': 'section',
}
const given = { depends: [], recommends: [], files: [] }
const args = process.argv.slice(2)
while (args.length > 0) {
  const arg = args.shift()
  if (arg === '--force') continue
  if (arg in lists) given[lists[arg]].push(args.shift())
  else if (arg in singles) given[singles[arg]] = args.shift()
  else if (arg.startsWith('-')) throw new Error(`unknown argument of fpm: ${arg}`)
  else given.files.push(arg.split('='))
}
if (given.target !== 'deb') throw new Error(`only deb is modelled, not ${given.target}`)

const root = mkdtempSync(join(tmpdir(), 'slipway-deb-'))
chmodSync(root, 0o755)
for (const [from, to] of given.files)
  cpSync(from, join(root, to), { recursive: true, verbatimSymlinks: true })
const control = join(root, 'DEBIAN')
mkdirSync(control)
for (const script of ['postinst', 'postrm']) {
  if (!given[script]) continue
  copyFileSync(given[script], join(control, script))
  chmodSync(join(control, script), 0o755)
}
const lines = [
  `Package: ${given.name}`,
  `Version: ${given.version}`,
  `Architecture: ${given.architecture}`,
  `Maintainer: ${given.maintainer}`,
  `Depends: ${given.depends.join(', ')}`,
  ...(given.recommends.length > 0 ? [`Recommends: ${given.recommends.join(', ')}`] : []),
  `Priority: ${given.priority ?? 'optional'}`,
  `Section: ${given.section ?? 'devel'}`,
  `Homepage: ${given.url}`,
  `Description: ${given.description.trim().split('\n').join('\n ')}`,
]
writeFileSync(join(control, 'control'), `${lines.join('\n')}\n`)
execFileSync('dpkg-deb', ['--root-owner-group', `-Z${given.compression ?? 'xz'}`, '-b', root, given.out], {
  stdio: 'inherit',
})
rmSync(root, { recursive: true })
