/** What waits in this browser to be said in a room. */
import type { Audience, FileSpeechKind, Receipt } from '../feed/types'

/**
 * `uploading` its file is on the way (or paused, or must be chosen again); `waiting` for its turn or the network;
 * `sending` a request is out; `failed` the court refused it and the author decides.
 */
export type EntryState = 'uploading' | 'waiting' | 'sending' | 'failed'

export interface FilePart {
  name: string
  size: number
  type: string
  lastModified: number
  /** The bytes, when they are few enough to be kept here; else they live only as long as the page. */
  blob?: Blob
  width?: number
  height?: number
  seconds?: number
  /** Idempotency-Key of the upload's creation: another one than the act's, since it is another request. */
  uploadKey: string
  /** Where the server takes the rest of the bytes. */
  url?: string
  sent: number
  paused?: boolean
  /** The tab that holds the bytes, when they are not kept here. */
  tab?: string
  /** The page was reloaded and the bytes were too many to keep: the author must choose the same file again. */
  lost?: boolean
}

export interface Body {
  kind: 'speech.text' | FileSpeechKind
  text?: string
  blob?: string
  to?: Audience
  /** A text message is to remind whom it is for (强提醒). */
  remind?: boolean
}

export interface Entry {
  /** Idempotency-Key, the same on every attempt. */
  key: string
  /** Whose words these are: nobody else who logs in here may send them. */
  owner: string
  room: string
  /** Order within the room. */
  n: number
  body: Body
  tries: number
  /** Milliseconds since 1970; not before this. */
  nextAt: number
  state: EntryState
  /** When it was written, milliseconds since 1970. */
  at: number
  /** The feed's head when it was first sent: an own act after it may be this one. */
  head?: number
  error?: { code: string; detail: string }
  file?: FilePart
}

/** What the server answered to an act or an upload. A lost network is thrown, not answered. */
export type Answer =
  | { ok: true; receipt: Receipt }
  | { ok: false; status: number; code: string; detail: string; retryAfter?: number }

export type Verdict = 'sent' | 'again' | 'stop' | 'failed'

/**
 * What an answer means for the one who waits: the session's end stops the queue without blaming the message, a
 * refusal is final, and everything that is the server's trouble is tried again.
 */
export function verdict(answer: Answer): Verdict {
  if (answer.ok) return 'sent'
  if (answer.status === 401) return 'stop'
  if (answer.status >= 500 || [408, 425, 429].includes(answer.status)) return 'again'
  return 'failed'
}

/** Milliseconds before the attempt after `tries` failed ones: 0.5 s doubled each time, 30 s at most. */
export function pause(tries: number, retryAfterSeconds = 0): number {
  const own = Math.min(30_000, 500 * 2 ** Math.max(0, tries - 1))
  return Math.max(own, retryAfterSeconds * 1000)
}

export function isFileKind(kind: string): kind is FileSpeechKind {
  return kind === 'speech.photo' || kind === 'speech.video' || kind === 'speech.voice' || kind === 'speech.document'
}
