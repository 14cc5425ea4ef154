// @vitest-environment node
import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Sha256 } from './sha256'

const theirs = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('SHA-256', () => {
  it('agrees with another implementation on every length around the block', () => {
    for (let n = 0; n <= 200; n += 1) {
      const bytes = randomBytes(n)
      expect(new Sha256().update(bytes).hex()).toBe(theirs(bytes))
    }
  })

  it('takes a message in pieces of any size', () => {
    const bytes = randomBytes(5000)
    for (const piece of [1, 7, 63, 64, 65, 1000]) {
      const hash = new Sha256()
      for (let at = 0; at < bytes.length; at += piece) hash.update(bytes.subarray(at, at + piece))
      expect(hash.hex()).toBe(theirs(bytes))
    }
  })

  it('begins anew when told to', () => {
    const hash = new Sha256()
    hash.update(randomBytes(100)).words8()
    expect(hash.reset().update(new TextEncoder().encode('微庭')).hex()).toBe(theirs(new TextEncoder().encode('微庭')))
  })
})
