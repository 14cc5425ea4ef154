// Ed25519 (RFC 8032), verification only: by the browser where it can, else by the same arithmetic written out.

const P = 2n ** 255n - 19n
const L = 2n ** 252n + 27742317777372353535851937790883648493n
type Point = [bigint, bigint, bigint, bigint]

export async function verifies(key: Uint8Array, text: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (signature.length !== 64) return false
  try {
    const imported = await crypto.subtle.importKey('raw', key.slice(), 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', imported, signature.slice(), text.slice())
  } catch {
    return byHand(key, text, signature)
  }
}

async function byHand(key: Uint8Array, text: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const [a, r] = [point(key), point(signature.subarray(0, 32))]
  const s = number(signature.subarray(32))
  if (!a || !r || s >= L) return false
  const signed = new Uint8Array(64 + text.length)
  signed.set(signature.subarray(0, 32))
  signed.set(key, 32)
  signed.set(text, 64)
  const k = number(new Uint8Array(await crypto.subtle.digest('SHA-512', signed))) % L
  const left = times(s, base())
  const right = add(r, times(k, a))
  return mod(left[0] * right[2] - right[0] * left[2]) === 0n && mod(left[1] * right[2] - right[1] * left[2]) === 0n
}

const mod = (x: bigint): bigint => ((x % P) + P) % P

function power(x: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, mod(x)]
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % P
    square = (square * square) % P
  }
  return result
}

const D = mod(-121665n * power(121666n, P - 2n))

function number(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}

function point(bytes: Uint8Array): Point | null {
  const whole = number(bytes)
  const y = whole & (2n ** 255n - 1n)
  if (y >= P) return null
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n))
  let x = power(square, (P + 3n) / 8n)
  if (mod(x * x - square) !== 0n) x = mod(x * power(2n, (P - 1n) / 4n))
  const sign = whole >> 255n
  if (mod(x * x - square) !== 0n || (x === 0n && sign === 1n)) return null
  if ((x & 1n) !== sign) x = P - x
  return [x, y, 1n, mod(x * y)]
}

function base(): Point {
  const y = mod(4n * power(5n, P - 2n))
  const bytes = Uint8Array.from({ length: 32 }, (_, at) => Number((y >> BigInt(8 * at)) & 255n))
  return point(bytes) ?? [0n, 1n, 1n, 0n]
}

function add(p: Point, q: Point): Point {
  const a = mod((p[1] - p[0]) * (q[1] - q[0]))
  const b = mod((p[1] + p[0]) * (q[1] + q[0]))
  const c = mod(2n * p[3] * q[3] * D)
  const d = mod(2n * p[2] * q[2])
  const [e, f, g, h] = [b - a, d - c, d + c, b + a]
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)]
}

function times(factor: bigint, of: Point): Point {
  let result: Point = [0n, 1n, 1n, 0n]
  let doubled = of
  for (let rest = factor; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = add(result, doubled)
    doubled = add(doubled, doubled)
  }
  return result
}
