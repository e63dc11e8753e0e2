import ssh2 from 'ssh2'
import { expect, test } from 'vitest'
import { newKeyPair } from './keys'

/** Enough for a fault of one pair in 256 to show in all but two runs of a hundred. */
const pairs = 1000

test('each new pair can be read, and its halves belong together', () => {
  const broken = Array.from({ length: pairs }, () => newKeyPair('a pair')).filter((pair) => {
    const [priv, pub] = [ssh2.utils.parseKey(pair.privateKey), ssh2.utils.parseKey(pair.publicKey)]
    return priv instanceof Error || pub instanceof Error || !priv.getPublicSSH().equals(pub.getPublicSSH())
  })
  expect(broken).toEqual([])
})
