import type { ConfigDifference } from '../../../shared/model'

/** What of an image's inspect tells how it runs. */
const imageKeys = ['Architecture', 'Variant', 'Os', 'Author']

/** The differences of two images' configurations, by key. Maps and `Env` are compared name by name. */
export function configDifferences(before: object, after: object): ConfigDifference[] {
  const [a, b] = [flat(before), flat(after)]
  const found: ConfigDifference[] = []
  for (const key of [...new Set([...a.keys(), ...b.keys()])].sort()) {
    const [was, is] = [a.get(key), b.get(key)]
    if (was === is) continue
    found.push({ key, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) })
  }
  return found
}

function flat(inspect: object): Map<string, string> {
  const values = new Map<string, string>()
  const image = inspect as Readonly<Record<string, unknown>>
  for (const key of imageKeys) put(values, key, image[key])
  const config = image['Config']
  if (!isMap(config)) return values
  for (const [key, value] of Object.entries(config)) {
    if (key === 'Image' || key === 'Hostname') continue
    if (key === 'Env' && Array.isArray(value)) putEnv(values, value)
    else if (isMap(value)) for (const [name, one] of Object.entries(value)) put(values, `${key}.${name}`, one)
    else put(values, key, value)
  }
  return values
}

function putEnv(values: Map<string, string>, env: readonly unknown[]): void {
  for (const one of env) {
    const text = String(one)
    const equals = text.indexOf('=')
    values.set(`Env.${equals < 0 ? text : text.slice(0, equals)}`, equals < 0 ? '' : text.slice(equals + 1))
  }
}

/** Nothing, `false`, empty lists and empty text are the same to an engine. */
function put(values: Map<string, string>, key: string, value: unknown): void {
  const isNothing = value === null || value === undefined || value === '' || value === false
  if (isNothing || (Array.isArray(value) && value.length === 0)) return
  values.set(key, typeof value === 'string' ? value : JSON.stringify(value))
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
