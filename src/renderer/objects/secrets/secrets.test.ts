import { expect, test } from 'vitest'
import {
  envId,
  isSecret,
  isSecretName,
  mask,
  maskInstruction,
  maskJson,
  maskText,
  maskValue,
} from './secrets'

const none = new Set<string>()

test('names that tell of a secret', () => {
  const secret = [
    'POSTGRES_PASSWORD',
    'DB_PASS',
    'MYSQL_ROOT_PASSWORD',
    'api_token',
    'AWS_SECRET_ACCESS_KEY',
    'apiKey',
    'PRIVATE_PEM',
    'CREDENTIALS',
    'com.example.client-secret',
    'PGPASSWORD',
    'KEY',
    'BASIC_AUTH',
  ]
  expect(secret.filter((name) => !isSecretName(name))).toEqual([])
})

test('names that only sound like one', () => {
  const open = [
    'MONKEY',
    'KEYBOARD',
    'AUTHOR',
    'PASSENGERS',
    'PUBLIC_KEY',
    'DB_PASSWORD_FILE',
    'PATH',
    'COMPASS',
    'AWS_ACCESS_KEY_ID',
  ]
  expect(open.filter(isSecretName)).toEqual([])
})

test('a URL with a password is secret, and only its password is hidden', () => {
  const url = 'postgres://app:hunter2@db:5432/shop'
  expect(isSecret('DATABASE_URL', url)).toBe(true)
  expect(maskValue('DATABASE_URL', url)).toBe(`postgres://app:${mask}@db:5432/shop`)
  expect(isSecret('HOME_URL', 'https://example.com:8080/a@b')).toBe(false)
})

test('a password among the options of a mount is hidden, and the others are not', () => {
  const options = 'addr=nas,username=me,password=hunter2,rw'
  expect(isSecret('o', options)).toBe(true)
  expect(maskValue('o', options)).toBe(`addr=nas,username=me,password=${mask},rw`)
  expect(maskValue('o', 'pass=a=b')).toBe(`pass=${mask}`)
  expect(isSecret('o', 'addr=nas,rw,bypass=1')).toBe(false)
})

test('an empty value hides nothing', () => {
  expect(isSecret('PASSWORD', '')).toBe(false)
})

test('a command line keeps its words and loses its secrets', () => {
  expect(maskText('redis-server --requirepass-token=abc --port 1')).toBe(
    `redis-server --requirepass-token=${mask} --port 1`,
  )
  expect(maskText('app --password "a b" -v')).toBe(`app --password ${mask} -v`)
  expect(maskText('nginx -g daemon off;')).toBe('nginx -g daemon off;')
})

const raw = {
  Config: {
    Env: ['PATH=/bin', 'DB_PASSWORD=canary-1', 'URL=redis://:canary-2@cache'],
    Cmd: ['serve', '--token', 'canary-3', '--secret=canary-4'],
    Labels: { 'app.token': 'canary-5', role: 'web' },
  },
  Path: 'serve',
  Args: ['KEY=canary-6'],
  Count: 3,
}

test('no secret stays in the raw JSON, and all else does', () => {
  const { value, hidden } = maskJson(raw, none)
  expect(JSON.stringify(value)).not.toContain('canary')
  expect(value).toMatchObject({ Config: { Labels: { role: 'web' } }, Path: 'serve', Count: 3 })
  expect(hidden).toHaveLength(6)
})

test('one value can be revealed without the others', () => {
  const { value } = maskJson(raw, new Set([envId('DB_PASSWORD')]))
  const text = JSON.stringify(value)
  expect(text).toContain('DB_PASSWORD=canary-1')
  expect(text.match(/canary/g)).toHaveLength(1)
})

test('a label called __proto__ stays a label', () => {
  const hostile = JSON.parse('{"Labels":{"__proto__":"x"}}') as never
  const labels = (maskJson(hostile, none).value as { Labels: object }).Labels
  expect(Object.keys(labels)).toEqual(['__proto__'])
})

test.each([
  ['one letter', 'x'.repeat(1_000_000)],
  ['dashes', '-'.repeat(1_000_000)],
  ['beginnings of URLs', 'x://a:'.repeat(16_000)],
  ['a name of a key', 'CRYPT'.repeat(200_000)],
])('a value of %s without an end is looked through once', (_, text) => {
  expect(maskText(text)).toBe(text)
  expect(isSecret(text, 'value')).toBe(false)
  expect(isSecret('label', text)).toBe(false)
})

test('a long name of a flag is looked through once', () => {
  const text = `--${'token'.repeat(20_000)}`
  expect(maskText(text)).toBe(text)
})

test('a password is found wherever its URL begins', () => {
  expect(maskText('1http://user:pass@host, x-https://user:pass@host')).toBe(
    `1http://user:${mask}@host, x-https://user:${mask}@host`,
  )
})

test.each([
  ['ENV API_TOKEN=canary PATH=/bin', `ENV API_TOKEN=${mask} PATH=/bin`],
  ['ENV DB_PASSWORD=canary with canary # buildkit', `ENV DB_PASSWORD=${mask} # buildkit`],
  ['/bin/sh -c #(nop)  ENV SECRET_KEY=canary', `/bin/sh -c #(nop)  ENV SECRET_KEY=${mask}`],
  [
    'RUN |2 TOKEN=a canary V=1 /bin/sh -c make # buildkit',
    `RUN |2 TOKEN=${mask} V=1 /bin/sh -c make # buildkit`,
  ],
  ['RUN /bin/sh -c DB_PASS="a canary" make A=1', `RUN /bin/sh -c DB_PASS=${mask} make A=1`],
  ['CMD ["app" "--password" "canary" "-v"]', `CMD ["app" "--password" ${mask} "-v"]`],
  ['CMD ["--api-key","canary"]', `CMD ["--api-key",${mask}]`],
  ['CMD ["--token=a canary", "on"]', `CMD ["--token=${mask}", "on"]`],
  [String.raw`CMD ["--token" "a\"canary" "-v"]`, `CMD ["--token" ${mask} "-v"]`],
  ['ENV URL=redis://:canary@cache', `ENV URL=redis://:${mask}@cache`],
  ['COPY a b # buildkit', 'COPY a b # buildkit'],
])('an instruction keeps its words and loses its secrets: %s', (text, masked) => {
  expect(maskInstruction(text)).toBe(masked)
})
