import { expect, test } from 'vitest'
import { memberOf, withMember, withoutMember } from './json-member'

const texts = [
  '{"auths":{},"credsStore":"x"}',
  '{\n\t"auths": {},\n\t"HttpHeaders": {\n\t\t"a": "}\\",{"\n\t}\n}\n',
  '  {  "a" : [1, {"currentContext": "no"}, "]"] , "b":null,"c":1.5e3 }\r\n',
  '{"currentcontext":"other case","x":"\\u007d"}',
]

test.each(texts)('what was set and taken away leaves %j as it was', (text) => {
  const set = withMember(text, 'currentContext', 'slipway')
  expect(JSON.parse(set)).toEqual({ ...(JSON.parse(text) as object), currentContext: 'slipway' })
  expect(withoutMember(set, 'currentContext')).toBe(text)
})

test('a value that is there is replaced where it stands, and comes back', () => {
  const text = '{\n  "a": 1,\n  "currentContext": "colima",\n  "z": {"currentContext": 2}\n}'
  const set = withMember(text, 'currentContext', 'sl"ip')
  expect(set).toBe(text.replace('"colima"', '"sl\\"ip"'))
  expect(withMember(set, 'currentContext', 'colima')).toBe(text)
  expect(memberOf(set, 'currentContext')).toBe('sl"ip')
})

test.each([
  ['{"currentContext":"a"}', '{}'],
  ['{"currentContext":"a","b":1}', '{"b":1}'],
  ['{"b":1,"currentContext":"a","c":2}', '{"b":1,"c":2}'],
  ['{"b":[1,2],"currentContext":"a"}', '{"b":[1,2]}'],
])('%s without the member is %s', (text, expected) => {
  expect(withoutMember(text, 'currentContext')).toBe(expected)
})

test.each(['', '[]', 'null', '{"a":1', '{"a":1}x', '\uFEFF{}'])(
  '%j is no object and is not touched',
  (text) => {
    expect(() => withMember(text, 'a', 'b')).toThrow(SyntaxError)
  },
)
