import * as v from 'valibot'
import { machineSettingsSchema } from '../../../../shared/model'
import type { TextKey } from '../../../i18n'

/** What is wrong with a machine's name, as core would find it. */
export function nameProblem(name: string, taken: readonly string[]): TextKey | undefined {
  if (!v.is(machineSettingsSchema.entries.name, name)) return 'machines.settings.nameBad'
  return taken.includes(name) ? 'machines.settings.nameTaken' : undefined
}

const longest = 31

/** The name itself when it is free, else with the first number that makes it so. */
export function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted
  for (let number = 2; ; number++) {
    const tail = `-${number}`
    const name = wanted.replace(/-\d+$/, '').slice(0, longest - tail.length) + tail
    if (!taken.includes(name)) return name
  }
}
