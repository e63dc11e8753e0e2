import type { Shape } from '../shape'
import type { en } from '../en'
import { activity } from './activity'
import { common } from './common'
import { containers } from './containers'
import { diagnostics } from './diagnostics'
import { disk } from './disk'
import { engine } from './engine'
import { errors } from './errors'
import { files } from './files'
import { images } from './images'
import { layers } from './layers'
import { logs } from './logs'
import { machines } from './machines'
import { networks } from './networks'
import { objects } from './objects'
import { run } from './run'
import { settings } from './settings'
import { shell } from './shell'
import { stats } from './stats'
import { terminal } from './terminal'
import { volumes } from './volumes'

export const ko = {
  activity,
  common,
  containers,
  diagnostics,
  disk,
  engine,
  errors,
  files,
  images,
  layers,
  logs,
  machines,
  networks,
  objects,
  run,
  settings,
  shell,
  stats,
  terminal,
  volumes,
} satisfies Shape<typeof en>
