// An act as it is written: its leaf, what the leaf commits to, and the proof that the court's log holds it.
import { after, decimal, fromHex, same, sha256, utf8 } from './text'

export interface WrittenAct {
  leaf: Uint8Array
  text: Uint8Array
  court: string
  record: string
  seq: bigint
  kind: string
  time: string
  prev: Uint8Array
  body: Document | null
  audience: Document | null
  proof: { index: bigint; path: Uint8Array[] } | null
}

interface Document {
  salt: Uint8Array
  text: string
  /** What the leaf says of it. */
  commitment: Uint8Array
}

const NAMES = ['court', 'record', 'seq', 'kind', 'time', 'actor', 'prev', 'body', 'audience']

/** Reads the lines of an act; null when they are anything else. */
export function readAct(lines: string[]): WrittenAct | null {
  const leaf = fromHex(after(lines[0], 'leaf') ?? '')
  const values = NAMES.map((name, at) => after(lines[at + 2], name))
  if (!leaf || lines[1] !== 'weiting act v1' || values.includes(null)) return null
  const [court, record, seq, kind, time, , ...hashes] = values as string[]
  const number = decimal(seq!)
  const [prev, body, audience] = hashes.map((hash) => fromHex(hash))
  if (number === null || !prev || !body || !audience) return null
  const rest = lines.slice(11)
  const documents: (Document | null)[] = []
  for (const [name, commitment] of [['body', body], ['audience', audience]] as const) {
    const salt = after(rest[0], `${name}-salt`)
    if (salt === null) {
      documents.push(null)
      continue
    }
    const [bytes, text] = [fromHex(salt), after(rest[1], `${name}-document`)]
    if (!bytes || text === null) return null
    documents.push({ salt: bytes, text, commitment })
    rest.splice(0, 2)
  }
  let proof: WrittenAct['proof'] = null
  if (rest.length > 0) {
    const index = decimal(after(rest[0], 'index') ?? '')
    const path = rest.slice(1).map((line) => fromHex(after(line, 'path') ?? ''))
    if (index === null || path.includes(null)) return null
    proof = { index, path: path as Uint8Array[] }
  }
  const text = utf8(lines.slice(1, 11).map((line) => `${line}\n`).join(''))
  return {
    leaf, text, court: court!, record: record!, seq: number, kind: kind!, time: time!, prev,
    body: documents[0] ?? null, audience: documents[1] ?? null, proof,
  }
}

/** Which parts of the act were altered. */
export function faultsOf(act: WrittenAct): string[] {
  const wrong = (document: Document | null) => document && !same(sha256(document.salt, utf8(document.text)), document.commitment)
  return [!same(sha256(act.text), act.leaf) && '', wrong(act.body) && ' body', wrong(act.audience) && ' audience']
    .filter((part) => typeof part === 'string')
}
