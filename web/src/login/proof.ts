// The human check: a number whose hash with the server's challenge begins with so many zero bits.
import type { Proof } from '@/api/types'
import { Sha256 } from '@/sha256'

/** Zero bits at the front of a hash, given as words of 32 bits. */
export function leadingZeroBits(hash: ArrayLike<number>): number {
  let bits = 0
  for (let i = 0; i < hash.length; i += 1) {
    if (hash[i] !== 0) return bits + Math.clz32(hash[i]!)
    bits += 32
  }
  return bits
}

/**
 * Finds the smallest nonce (a decimal string) such that SHA-256(challenge ":" nonce) has `bits` leading zero bits.
 * `told` hears, every few thousand tries, the chance in percent that it should be done by now (never 100).
 */
export async function solve(challenge: string, bits: number, told: (percent: number) => void = () => {}): Promise<Proof> {
  const expected = 2 ** bits
  const sha = new Sha256()
  const encoder = new TextEncoder()
  for (let nonce = 0; nonce < Number.MAX_SAFE_INTEGER; nonce += 1) {
    if (leadingZeroBits(sha.reset().update(encoder.encode(`${challenge}:${nonce}`)).words8()) >= bits) return { challenge, nonce: String(nonce) }
    if (nonce % 4096 === 4095) told(Math.min(99, Math.floor((1 - Math.exp(-nonce / expected)) * 100)))
  }
  throw new Error('no nonce found')
}
