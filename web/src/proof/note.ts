// Signed notes, keys and checkpoints (C2SP signed-note, tlog-checkpoint).
import { verifies } from './ed25519'
import { decimal, fromBase64, same, sha256, toHex, utf8 } from './text'

export interface Key {
  name: string
  kind: number
  key: Uint8Array
  id: Uint8Array
  text: string
}

export interface Note {
  /** What is signed, its last line feed included. */
  text: string
  lines: { name: string; bytes: Uint8Array }[]
}

export interface Checkpoint {
  origin: string
  size: bigint
  root: Uint8Array
}

export type Fault = 'malformed' | 'signature'

const CONTROL = /\p{Cc}/u
const fits = (name: string) => name !== '' && !/[\p{White_Space}\p{Cc}+]/u.test(name)

export function readKey(text: string): Key | null {
  const [name, id, ...rest] = text.split('+')
  const bytes = fromBase64(rest.join('+'))
  if (name === undefined || !fits(name) || bytes?.length !== 33 || (bytes[0] !== 1 && bytes[0] !== 4)) return null
  const own = sha256(utf8(`${name}\n`), bytes).slice(0, 4)
  return toHex(own) === id ? { name, kind: bytes[0], key: bytes.slice(1), id: own, text } : null
}

export function readNote(note: string): Note | null {
  const cut = note.lastIndexOf('\n\n')
  if (cut < 0 || !note.endsWith('\n')) return null
  const text = note.slice(0, cut + 1)
  if (text.split('\n').some((line) => CONTROL.test(line))) return null
  const lines: Note['lines'] = []
  for (const line of note.slice(cut + 2, -1).split('\n')) {
    const match = /^— ([^ ]+) (.*)$/su.exec(line)
    const bytes = match && fits(match[1]!) ? fromBase64(match[2]!) : null
    if (!match || !bytes || bytes.length < 5) return null
    lines.push({ name: match[1]!, bytes })
  }
  return { text, lines }
}

/** Whether the log with this key has signed the note. */
export async function holds(key: Key, note: Note): Promise<boolean> {
  const own = note.lines.filter((line) => line.name === key.name && same(line.bytes.slice(0, 4), key.id))
  return own.length === 1 && key.kind === 1 && verifies(key.key, utf8(note.text), own[0]!.bytes.slice(4))
}

export async function openCheckpoint(text: string | null, key: Key): Promise<Checkpoint | Fault> {
  const note = text === null ? null : readNote(text)
  const [origin, size, root] = note?.text.slice(0, -1).split('\n') ?? []
  const count = decimal(size ?? '')
  const hash = fromBase64(root ?? '')
  if (!note || !origin || count === null || hash?.length !== 32) return 'malformed'
  if (origin !== key.name || !(await holds(key, note))) return 'signature'
  return { origin, size: count, root: hash }
}
