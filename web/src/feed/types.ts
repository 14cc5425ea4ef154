/** The wire's words that the room is made of, and how to tell one kind of act from another. */
import type { Act } from '@/api/types'

export type { Act, Audience, FileInfo, FileSpeechKind, Gate, InboxCounts, RoomCard, RoomMember, RoomView } from '@/api/types'
export type { Appended as Receipt } from '@/api/types'

export type TextAct = Extract<Act, { kind: 'speech.text' }>
export type FileAct = Extract<Act, { file: unknown; kind: `speech.${string}` }>

export function isText(act: Act): act is TextAct {
  return act.kind === 'speech.text'
}

export function isFile(act: Act): act is FileAct {
  return FILE_KINDS.includes(act.kind)
}

/** Words of a person, as against what the court's machinery reports; kinds unknown here count as the latter. */
export function isSpeech(act: Act): act is TextAct | FileAct {
  return isText(act) || isFile(act)
}

const FILE_KINDS: readonly string[] = ['speech.photo', 'speech.video', 'speech.voice', 'speech.document']
