// The container of a bundle: a ZIP file of which every byte is determined by the names and contents of its files.
import { Sha256 } from '@/sha256'
import { asText, same, toHex, utf8 } from './text'

export interface Contents {
  /** The bytes of the files that are read; what acts show is hashed only. */
  texts: Map<string, Uint8Array>
  /** The hashes of all, in hexadecimal. */
  hashes: Map<string, string>
  findings: string[]
}

interface Entry {
  name: Uint8Array
  crc: number
  size: bigint
  offset: bigint
}

const PART = 1 << 20
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** Reads a container from its first byte to its last, without holding more than a part of a large file. `told`: how far it has got, from 0 to 1. */
export async function unzip(file: Blob, told: (part: number) => void = () => {}): Promise<Contents> {
  const contents: Contents = { texts: new Map(), hashes: new Map(), findings: [] }
  const entries: Entry[] = []
  const names = new Set<string>()
  const read = async (from: number, length: number) => new Uint8Array(await file.slice(from, from + length).arrayBuffer())
  let [at, wide, sound] = [0, false, false]
  for (;;) {
    const head = await read(at, 30)
    if (!same(head.slice(0, 4), Uint8Array.of(0x50, 0x4b, 3, 4))) {
      const wanted = directory(wide, entries, BigInt(at))
      sound = file.size - at === wanted.length && same(await read(at, wanted.length), wanted)
      break
    }
    if (head.length < 30) break
    const view = new DataView(head.buffer)
    const [nameLength, extraLength] = [view.getUint16(26, true), view.getUint16(28, true)]
    const rest = await read(at + 30, nameLength + extraLength)
    const name = rest.slice(0, nameLength)
    const title = asText(name)
    if (rest.length < nameLength + extraLength || title === null) break
    if (entries.length === 0 && extraLength === 20) wide = true
    if (wide && extraLength < 12) break
    const size = wide ? new DataView(rest.buffer).getBigUint64(nameLength + 4, true) : BigInt(view.getUint32(18, true))
    const content = await take(file, at + 30 + rest.length, Number(size), !title.startsWith('files/'), (done) => told(done / file.size))
    contents.texts.set(title, content.text)
    contents.hashes.set(title, content.hash)
    if (BigInt(content.size) !== size) break
    const entry = { name, crc: content.crc, size, offset: BigInt(at) }
    const header = localHeader(wide, entry)
    if (names.has(title) || !same(header.slice(0, 30), head) || !same(header.slice(30), rest)) contents.findings.push(`container zip ${title}`)
    names.add(title)
    entries.push(entry)
    at += 30 + rest.length + content.size
  }
  if (!sound) contents.findings.push('container zip')
  return contents
}

async function take(file: Blob, from: number, size: number, kept: boolean, told: (done: number) => void) {
  const hasher = new Sha256()
  const parts: Uint8Array[] = []
  let [crc, done] = [0xffffffff, 0]
  while (done < size) {
    const part = new Uint8Array(await file.slice(from + done, from + Math.min(size, done + PART)).arrayBuffer())
    if (part.length === 0) break
    hasher.update(part)
    for (const byte of part) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 255]!
    if (kept) parts.push(part)
    done += part.length
    told(from + done)
  }
  const text = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    text.set(part, at)
    at += part.length
  }
  return { crc: ~crc >>> 0, size: done, hash: hasher.hex(), text }
}

/** Numbers of so many bytes each, the lowest first. */
function fields(...pairs: [number | bigint, 2 | 4 | 8][]): Uint8Array {
  const bytes = pairs.flatMap(([value, length]) => {
    const number = BigInt(value)
    return Array.from({ length }, (_, at) => Number((number >> BigInt(8 * at)) & 255n))
  })
  return Uint8Array.from(bytes)
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

const ONES = 0xffffffff
const low = (wide: boolean, number: bigint) => (wide ? ONES : Number(number & 0xffffffffn))

function common(wide: boolean, entry: Entry, extra: Uint8Array): Uint8Array {
  const size = low(wide, entry.size)
  return fields(
    [wide ? 45 : 20, 2], [0x0800, 2], [0, 2], [0, 2], [0x21, 2], [entry.crc, 4], [size, 4], [size, 4], [entry.name.length, 2], [extra.length, 2],
  )
}

function localHeader(wide: boolean, entry: Entry): Uint8Array {
  const extra = wide ? fields([1, 2], [16, 2], [entry.size, 8], [entry.size, 8]) : new Uint8Array()
  return joined(Uint8Array.of(0x50, 0x4b, 3, 4), common(wide, entry, extra), entry.name, extra)
}

function directory(wide: boolean, entries: Entry[], offset: bigint): Uint8Array {
  const list = entries.map((entry) => {
    const extra = wide ? fields([1, 2], [24, 2], [entry.size, 8], [entry.size, 8], [entry.offset, 8]) : new Uint8Array()
    const version = fields([wide ? 45 : 20, 2])
    return joined(
      Uint8Array.of(0x50, 0x4b, 1, 2), version, common(wide, entry, extra), new Uint8Array(10), fields([low(wide, entry.offset), 4]), entry.name, extra,
    )
  })
  const out = joined(...list)
  const [count, size] = [entries.length, BigInt(out.length)]
  const middle = wide
    ? joined(
        Uint8Array.of(0x50, 0x4b, 6, 6),
        fields([44, 8], [45, 2], [45, 2], [0, 4], [0, 4], [count, 8], [count, 8], [size, 8], [offset, 8]),
        Uint8Array.of(0x50, 0x4b, 6, 7), fields([0, 4], [offset + size, 8], [1, 4]),
      )
    : new Uint8Array()
  const short = wide ? 0xffff : count & 0xffff
  const end = fields([0, 2], [0, 2], [short, 2], [short, 2], [low(wide, size), 4], [low(wide, offset), 4], [0, 2])
  return joined(out, middle, Uint8Array.of(0x50, 0x4b, 5, 6), end)
}

/** Whether a file begins as containers do. */
export async function isContainer(file: Blob): Promise<boolean> {
  return toHex(new Uint8Array(await file.slice(0, 2).arrayBuffer())) === toHex(utf8('PK'))
}
