import type { Json } from '../../../shared/model'

/** What stands in place of a value that was not revealed. Of one length, so that it tells nothing. */
export const mask = '••••••••'

const secretName =
  /(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIAL|PRIVATE|COOKIE|(API|ACCESS|AUTH|CRYPT\w{0,20}|MASTER|SIGNING)KEY|(^|[^a-z])(PASS|PWD|KEY|KEYS|AUTH|SALT)($|[^a-z]))/i
// A key that is public by its name, or only says where the secret lies: nothing to hide.
const harmlessName =
  /(PUBLIC[_-]?KEY|_FILE$|_PATH$|_DIR$|^PWD$|^OLDPWD$|XAUTHORITY|KEY[_-]?ID$|TOKEN[_-]?(URL|TTL|EXPIR\w*)$)/i
// Each begins only where its word begins and looks only so far: a label may be 100 KB of one letter, and a search
// that began anew at each of them took the better part of a minute.
const urlPassword = /(?<![a-z0-9+.-])([a-z0-9+.-]+:\/\/[^\s:/?#@]*):(?!\d+\/)([^\s@]{1,4096})@/gi
/** The options of a mount, as a volume's driver takes them: `username=me,password=hunter2,rw`. */
const mountPassword = /(?<=^|,)(pass(?:word2?|wd)?)=[^,\s]{1,4096}/gi
// What a name holds is looked for ahead: tried anew from each place of the name, a long one took minutes.
const flagName = String.raw`--?(?=[\w-]*(?:password|passwd|secret|token|api-?key|private-?key|credentials?))[\w-]*`
const inQuotes = String.raw`(?:[^"\\]|\\.)*`
/** A flag and its value; the words of an instruction's list have quotes of their own: `["--token" "a", "--token=a b"]`. */
const flag = new RegExp(
  String.raw`(?<=")(${flagName}=)${inQuotes}(?=")|(?<![\w-])(${flagName}(?:[= ]|",? ?(?=")))(?:"${inQuotes}"|'[^']*'|\S+)`,
  'gis',
)
const assignment = /^([A-Za-z_][\w.-]*)=([\s\S]+)$/

/** True where the name says that its value is nobody's business: `POSTGRES_PASSWORD`, `api.token`. */
export function isSecretName(name: string): boolean {
  // Camel case is split, so that `apiKey` is seen and `monkey` is not.
  const split = name.replace(/([a-z])([A-Z])/g, '$1_$2')
  return secretName.test(split) && !harmlessName.test(split)
}

/** A value that gives itself away whatever its name: a password in a URL or among options, a private key. */
export const isSecretValue = (value: string): boolean =>
  withoutPasswords(value) !== value || /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value)

const withoutPasswords = (value: string): string =>
  value.replace(urlPassword, `$1:${mask}@`).replace(mountPassword, `$1=${mask}`)

export const isSecret = (name: string, value: string): boolean =>
  value !== '' && (isSecretName(name) || isSecretValue(value))

/**
 * A value with its secret part hidden: of a URL and of options just the password, so that the rest stays readable;
 * else all of it.
 */
export function maskValue(name: string, value: string): string {
  const rest = isSecretName(name) ? value : withoutPasswords(value)
  return rest === value ? mask : rest
}

/** Text in which secrets may stand among other words: a command line. */
export const maskText = (text: string): string => withoutPasswords(text).replace(flag, `$1$2${mask}`)

/** Where a builder's wrapping writes `A=b` words without quotes: an instruction's own, or arguments before a command. */
const bareWords = /^(?:\/bin\/sh -c #\(nop\) +)?(?:ENV|ARG|LABEL)\s/
const buildArguments = /^(?:RUN )?\|\d+ .*?(?= \/\S+ -c )/s
const word = /(?<![\w.-])([A-Za-z_][\w.-]*)=("(?:[^"\\]|\\.)*"|'[^']*'|\S+)/gs

/** An instruction of an image's history without the values that look like secrets: `ENV API_TOKEN=••••••••`. */
export function maskInstruction(text: string): string {
  const bare = bareWords.test(text) ? text : (buildArguments.exec(text)?.[0] ?? '')
  return maskText(maskBareWords(bare) + maskWords(text.slice(bare.length)))
}

/** The quotes are gone here, so a value goes on to the next `NAME=`, with all its blanks. */
function maskBareWords(text: string): string {
  const [, body = text, end = ''] = /^(.*?)( # buildkit)?$/s.exec(text) ?? []
  const pieces = body.split(/(\s)(?=[A-Za-z_][\w.-]*=)/)
  return pieces.map((piece) => piece.replace(/^([A-Za-z_][\w.-]*)=(.+)$/s, maskedPair)).join('') + end
}

const maskWords = (text: string): string => text.replace(word, maskedPair)

const maskedPair = (all: string, name: string, value: string): string =>
  isSecret(name, value) ? `${name}=${maskValue(name, value)}` : all

/** One hidden value of a JSON tree. `id` is its path, but `env:NAME` for environment variables. */
export interface Hidden {
  readonly id: string
  readonly name: string
}
export interface Masked {
  readonly value: Json
  readonly hidden: readonly Hidden[]
}

export const envId = (name: string): string => `env:${name}`

/**
 * A copy of `json` without what looks like a secret, but for those in `revealed`. Lists in which `A=B`
 * words stand (the engine's `Env`, `Cmd`, `Args`) are looked at word by word.
 */
export function maskJson(json: Json, revealed: ReadonlySet<string>): Masked {
  const hidden = new Map<string, Hidden>()
  const hide = ({ id, name, masked }: Found, value: string): string => {
    if (!hidden.has(id)) hidden.set(id, { id, name })
    return revealed.has(id) ? value : masked
  }
  const walk: Walk = (value, path, name) => {
    if (typeof value === 'string') return leaf(value, { path, name, hide })
    if (typeof value !== 'object' || value === null) return value
    if (isList(value)) return words(value, { path, name, hide, walk })
    const entries = Object.entries(value).map(
      ([key, inner]) => [key, walk(inner, `${path}.${key}`, key)] as const,
    )
    // Not `{}`: a key `__proto__` in hostile labels must stay a key.
    return Object.fromEntries(entries)
  }
  const value = walk(json, '', '')
  return { value, hidden: [...hidden.values()] }
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

interface Found extends Hidden {
  readonly masked: string
}

type Walk = (value: Json, path: string, name: string) => Json

interface Place {
  readonly path: string
  readonly name: string
  /** What is to be shown of `value`: itself where it was revealed. */
  readonly hide: (found: Found, value: string) => string
}

function leaf(value: string, place: Place): string {
  if (isSecret(place.name, value))
    return place.hide({ id: place.path, name: place.name, masked: maskValue(place.name, value) }, value)
  const inWords = maskText(value)
  return inWords === value ? value : place.hide({ id: place.path, name: place.name, masked: inWords }, value)
}

function words(list: readonly Json[], place: Place & { readonly walk: Walk }): Json {
  let flagBefore = ''
  return list.map((item, index) => {
    const path = `${place.path}[${index}]`
    if (typeof item !== 'string') return place.walk(item, path, '')
    // `--password`, `hunter2` as two words of one command.
    const isAfterFlag = flagBefore !== ''
    const name = isAfterFlag ? flagBefore : ''
    flagBefore = /^--?[\w-]+$/.test(item) && isSecretName(item) ? item : ''
    if (isAfterFlag && flagBefore === '') return place.hide({ id: path, name, masked: mask }, item)
    const pair = assignment.exec(item)
    if (!pair?.[1] || !pair[2]) return leaf(item, { ...place, path, name: '' })
    if (!isSecret(pair[1], pair[2])) return leaf(item, { ...place, path, name: '' })
    const id = place.name === 'Env' ? envId(pair[1]) : path
    return place.hide({ id, name: pair[1], masked: `${pair[1]}=${maskValue(pair[1], pair[2])}` }, item)
  })
}
