import { expect, test } from 'vitest'
import { markSpans, parseAnsi, plainText } from './ansi'
import { paletteColor } from './sgr'

const esc = '\u001b'
const texts = (raw: string): string =>
  parseAnsi(raw)
    .spans.map((span) => span.text)
    .join('')

test('plain text is one span without style', () => {
  expect(parseAnsi('hello').spans).toEqual([{ text: 'hello', style: {} }])
})

test('colours and attributes are kept and end where they are reset', () => {
  const { spans } = parseAnsi(`${esc}[1;31mbad${esc}[0m fine ${esc}[4mline${esc}[24m`)
  expect(spans).toEqual([
    { text: 'bad', style: { bold: true, fg: 1 } },
    { text: ' fine ', style: {} },
    { text: 'line', style: { underline: true } },
  ])
})

test('256 and true colours are read in both spellings', () => {
  const styleOf = (params: string): object => parseAnsi(`${esc}[${params}mx`).spans[0]?.style ?? {}
  expect(styleOf('38;5;208')).toEqual({ fg: 208 })
  expect(styleOf('48;2;1;2;255')).toEqual({ bg: '#0102ff' })
  expect(styleOf('38:2::1:2:3')).toEqual({ fg: '#010203' })
  expect(styleOf('38:2:1:2:3')).toEqual({ fg: '#010203' })
  expect(styleOf('38:5:9')).toEqual({ fg: 9 })
  expect(styleOf('93;104')).toEqual({ fg: 11, bg: 12 })
  expect(styleOf('38;5;999')).toEqual({})
  expect(paletteColor(16)).toBe('rgb(0 0 0)')
  expect(paletteColor(231)).toBe('rgb(255 255 255)')
  expect(paletteColor(232)).toBe('rgb(8 8 8)')
})

test('a log cannot hide its text: conceal and blink are ignored', () => {
  expect(parseAnsi(`${esc}[8;5mhidden`).spans).toEqual([{ text: 'hidden', style: {} }])
})

const taken: readonly string[] = [
  `${esc}]0;title\u0007`,
  `${esc}]2;title${esc}\\`,
  `${esc}]52;c;aGVsbG8=\u0007`,
  `${esc}]8;;file:///etc/passwd\u0007`,
  `${esc}]1337;File=inline=1:AAAA\u0007`,
  `${esc}[2J`,
  `${esc}[999;999H`,
  `${esc}[?1049h`,
  `${esc}[6n`,
  `${esc}[>c`,
  `${esc}[21t`,
  `${esc}P$q"p${esc}\\`,
  `${esc}_Gf=100;AAAA${esc}\\`,
  `${esc}^private${esc}\\`,
  `${esc}Xstart${esc}\\`,
  `${esc}c`,
  `${esc}(0`,
  `${esc}#8`,
  `${esc}7`,
]

test.each(taken)('the sequence %j leaves nothing behind', (sequence) => {
  expect(plainText(`a${sequence}b`)).toBe('ab')
  expect(texts(`a${sequence}b`)).toBe('ab')
})

test('a sequence that does not end is shown: it cannot swallow what follows', () => {
  expect(plainText(`${esc}]0;no end`)).toBe('␛]0;no end')
  expect(plainText(`${esc}]0;aborted${esc}[31mred`)).toBe('␛]0;abortedred')
  expect(plainText(`${esc}[31`)).toBe('␛[31')
  expect(plainText(esc)).toBe('␛')
})

test('control and direction characters are made visible', () => {
  expect(plainText('a\u0000b\u0008c\u007fd')).toBe('a␀b␈c␡d')
  expect(plainText('10%\r20%\r')).toBe('10%␍20%')
  expect(plainText('\u202eevil\u2066\u009b31m')).toBe('[U+202E]evil[U+2066][U+009B]31m')
  expect(plainText('a\tb')).toBe('a\tb')
})

test('a cut line says so and holds whole sequences only', () => {
  const raw = `${esc}[31m${'x'.repeat(50)}`
  expect(parseAnsi(raw, 10)).toEqual({ spans: [{ text: 'xxxxxxxxxx', style: { fg: 1 } }], isCut: true })
  expect(parseAnsi('x'.repeat(10), 10).isCut).toBe(false)
})

test('a line of colour changes does not become a page of elements', () => {
  const { spans } = parseAnsi(`${esc}[31mx${esc}[32my`.repeat(20_000))
  expect(spans.length).toBeLessThanOrEqual(1001)
  expect(spans.reduce((sum, span) => sum + span.text.length, 0)).toBe(40_000)
})

test('marks lie on the visible text, across spans', () => {
  const { spans } = parseAnsi(`ab${esc}[31mcd${esc}[0mef`)
  expect(markSpans(spans, [1, 3, 4, 5]).map(({ text, isMatch }) => [text, isMatch])).toEqual([
    ['a', false],
    ['b', true],
    ['c', true],
    ['d', false],
    ['e', true],
    ['f', false],
  ])
})

/** Small and seeded: the same bytes in every run. */
function* random(seed: number): Generator<number> {
  let state = seed
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    yield state
  }
}

test('no bytes leave a control character on screen or lose visible text', () => {
  const next = random(42)
  const draw = (below: number): number => (next.next().value as number) % below
  const pieces = [
    esc,
    `${esc}[`,
    `${esc}]`,
    `${esc}P`,
    '\u0007',
    `${esc}\\`,
    ';',
    'm',
    '38',
    '<b>',
    '\u009d',
    ':',
  ]
  for (let round = 0; round < 20_000; round++) {
    let raw = ''
    for (let i = draw(24); i >= 0; i--)
      raw += draw(2) === 0 ? (pieces[draw(pieces.length)] as string) : String.fromCharCode(draw(0x180))
    const plain = plainText(raw)
    expect(plain).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/)
    expect(texts(raw)).toBe(plain)
  }
})

test('hostile lines are read in time that grows with their length only', () => {
  for (const unit of [`${esc}]`, `${esc}[`, `${esc}P`, `${esc}[1;`, '\u0007']) {
    const raw = unit.repeat(200_000)
    expect(plainText(raw).length).toBeGreaterThan(100_000)
  }
})
