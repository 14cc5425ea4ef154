/**
 * SHA-256 (FIPS 180-4) in plain JavaScript. The browser's own cannot take a file in pieces, a compiled one would need a hole in the
 * content security policy and does not run on older phones, and libraries in JavaScript are several times slower on the many short
 * messages of the human check.
 */

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const K = new Int32Array(64)
/** The same of the square roots of the first eight. */
const START = new Int32Array(8)

for (let n = 2, found = 0; found < 64; n += 1) {
  let prime = true
  for (let d = 2; d * d <= n && prime; d += 1) prime = n % d !== 0
  if (!prime) continue
  if (found < 8) START[found] = fraction(Math.sqrt(n))
  K[found] = fraction(Math.cbrt(n))
  found += 1
}

function fraction(x: number): number {
  return Math.floor((x - Math.floor(x)) * 2 ** 32) | 0
}

export class Sha256 {
  private readonly state = START.slice()
  private readonly words = new Int32Array(64)
  private readonly block = new Uint8Array(64)
  private filled = 0
  private length = 0

  /** Begins anew. */
  reset(): this {
    this.state.set(START)
    this.filled = 0
    this.length = 0
    return this
  }

  update(bytes: Uint8Array): this {
    this.length += bytes.length
    let at = 0
    if (this.filled > 0) {
      at = Math.min(64 - this.filled, bytes.length)
      this.block.set(bytes.subarray(0, at), this.filled)
      this.filled += at
      if (this.filled < 64) return this
      this.compress(this.block, 0)
    }
    for (; at + 64 <= bytes.length; at += 64) this.compress(bytes, at)
    this.block.set(bytes.subarray(at))
    this.filled = bytes.length - at
    return this
  }

  /** The hash as eight words; the hasher has to begin anew afterwards. */
  words8(): Int32Array {
    const { block, length } = this
    block[this.filled] = 0x80
    block.fill(0, this.filled + 1)
    if (this.filled >= 56) {
      this.compress(block, 0)
      block.fill(0)
    }
    const view = new DataView(block.buffer)
    view.setUint32(56, Math.floor(length / 2 ** 29))
    view.setUint32(60, (length * 8) >>> 0)
    this.compress(block, 0)
    return this.state
  }

  /** The hash in lower-case hexadecimal. */
  hex(): string {
    return Array.from(this.words8(), (word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
  }

  private compress(bytes: Uint8Array, at: number): void {
    const { words: w, state } = this
    for (let i = 0; i < 16; i += 1, at += 4) {
      w[i] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
    }
    for (let i = 16; i < 64; i += 1) {
      const x = w[i - 15]!
      const y = w[i - 2]!
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
      w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0
    }
    let a = state[0]!
    let b = state[1]!
    let c = state[2]!
    let d = state[3]!
    let e = state[4]!
    let f = state[5]!
    let g = state[6]!
    let h = state[7]!
    for (let i = 0; i < 64; i += 1) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i]! + w[i]!) | 0
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + t1) | 0
      d = c
      c = b
      b = a
      a = (t1 + t2) | 0
    }
    state[0] = (state[0]! + a) | 0
    state[1] = (state[1]! + b) | 0
    state[2] = (state[2]! + c) | 0
    state[3] = (state[3]! + d) | 0
    state[4] = (state[4]! + e) | 0
    state[5] = (state[5]! + f) | 0
    state[6] = (state[6]! + g) | 0
    state[7] = (state[7]! + h) | 0
  }
}
