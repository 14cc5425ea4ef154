// Bytes and their spellings, each with exactly one (docs/record-format.md).
import { Sha256 } from '@/sha256'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const utf8 = (text: string): Uint8Array => encoder.encode(text)

/** The text that these bytes are; null when they are none. */
export function asText(bytes: Uint8Array | undefined): string | null {
  if (!bytes) return null
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}

export const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** 64 lower-case digits as 32 bytes; null when they are anything else. */
export function fromHex(text: string): Uint8Array | null {
  if (!/^[0-9a-f]{64}$/.test(text)) return null
  return Uint8Array.from({ length: 32 }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16))
}

export function fromBase64(text: string): Uint8Array | null {
  try {
    const raw = atob(text)
    return btoa(raw) === text ? Uint8Array.from(raw, (char) => char.charCodeAt(0)) : null
  } catch {
    return null
  }
}

/** A number as it is written in records; as a bigint, since a tree may have more entries than a double counts. */
export function decimal(text: string): bigint | null {
  if (!/^(0|[1-9][0-9]{0,19})$/.test(text)) return null
  const number = BigInt(text)
  return number < 1n << 64n ? number : null
}

const hasher = new Sha256()

/** SHA-256 of the parts one after the other. */
export function sha256(...parts: Uint8Array[]): Uint8Array {
  hasher.reset()
  for (const part of parts) hasher.update(part)
  const words = hasher.words8()
  const view = new DataView(new ArrayBuffer(32))
  words.forEach((word, at) => view.setInt32(4 * at, word))
  return new Uint8Array(view.buffer)
}

export const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at])

/** `name` and a space taken from the beginning of a line; null when it begins otherwise. */
export const after = (line: string | undefined, name: string): string | null =>
  line?.startsWith(`${name} `) ? line.slice(name.length + 1) : null
