import { createHash } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { leadingZeroBits, solve } from './proof'

describe('the human check', () => {
  it('counts zero bits from the front', () => {
    expect(leadingZeroBits(Int32Array.of(-1))).toBe(0)
    expect(leadingZeroBits(Int32Array.of(0x00ffffff))).toBe(8)
    expect(leadingZeroBits(Int32Array.of(0, 0x00100000))).toBe(43)
    expect(leadingZeroBits(Int32Array.of(0, 0))).toBe(64)
  })

  it('finds a nonce that another SHA-256 accepts', async () => {
    const told = vi.fn()
    const { challenge, nonce } = await solve('c0ffee', 13, told)
    expect(challenge).toBe('c0ffee')
    expect(nonce).toMatch(/^\d+$/)
    const hash = createHash('sha256').update(`c0ffee:${nonce}`).digest()
    expect(hash.readUInt16BE()).toBeLessThan(2 ** 3)
    for (const [percent] of told.mock.calls) {
      expect(percent).toBeGreaterThanOrEqual(0)
      expect(percent).toBeLessThan(100)
    }
  })

  it('finds the smallest nonce', async () => {
    const { nonce } = await solve('x', 6)
    for (let n = 0; n < Number(nonce); n += 1) {
      expect(createHash('sha256').update(`x:${n}`).digest()[0]).toBeGreaterThanOrEqual(2 ** 2)
    }
  })
})
