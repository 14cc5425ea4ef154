/** What a sealed transcript (PDF) carries inside. Its objects are looked through, its pages are not read and its seal is not checked here. */
import { asText } from './text'

/** The largest file that is looked into, and the largest that comes out of it. */
const LARGEST = 128 << 20

export async function isPdf(file: Blob): Promise<boolean> {
  return asText(new Uint8Array(await file.slice(0, 5).arrayBuffer())) === '%PDF-'
}

/** The files that are embedded in it, in the order in which they were put there; none when it is too large to be looked into. */
export async function carriedIn(file: Blob): Promise<Uint8Array[]> {
  if (file.size > LARGEST) return []
  const bytes = new Uint8Array(await file.arrayBuffer())
  // One letter for each byte, so that places in the text are places in the file.
  const text = new TextDecoder('latin1').decode(bytes)
  const found: Uint8Array[] = []
  for (const { index } of text.matchAll(/\/EmbeddedFile(?![A-Za-z])/g)) {
    const stream = /stream\r?\n/g
    stream.lastIndex = index
    const opened = stream.exec(text)
    const end = opened ? text.indexOf('endstream', stream.lastIndex) : -1
    if (!opened || end < 0 || opened.index - index > 4_096) continue
    const about = text.slice(text.lastIndexOf(' obj', index), opened.index)
    const length = Number(/\/Length (\d+)(?! \d+ R)/.exec(about)?.[1] ?? NaN)
    const until = Number.isNaN(length) ? end : Math.min(stream.lastIndex + length, bytes.length)
    const content = bytes.subarray(stream.lastIndex, until)
    const whole = about.includes('/FlateDecode') ? await inflated(content) : content
    if (whole) found.push(whole)
  }
  return found
}

async function inflated(packed: Uint8Array): Promise<Uint8Array | null> {
  try {
    const reader = new Blob([packed.slice()]).stream().pipeThrough(new DecompressionStream('deflate')).getReader()
    const parts: Uint8Array[] = []
    for (let size = 0; ; ) {
      const { done, value } = await reader.read()
      if (done) break
      size += value.length
      if (size > LARGEST) return null
      parts.push(value)
    }
    return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer())
  } catch {
    return null
  }
}
