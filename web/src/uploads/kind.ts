/** What a chosen file may be in a room: its kind, by type and by name, and how big it may be. */
import type { FileSpeechKind } from '@/api/types'

const MB = 1024 * 1024

interface Kind {
  types: readonly string[]
  endings: readonly string[]
  /** Bytes. */
  limit: number
  /** For people. */
  limitWord: string
}

/** The server decides by the bytes themselves; this table only spares people a long upload for nothing. */
const KINDS: Readonly<Record<FileSpeechKind, Kind>> = {
  'speech.photo': {
    types: ['image/jpeg', 'image/png', 'image/webp'],
    endings: ['jpg', 'jpeg', 'png', 'webp'],
    limit: 50 * MB,
    limitWord: '50 MB',
  },
  'speech.video': {
    types: ['video/mp4', 'video/quicktime', 'video/webm'],
    endings: ['mp4', 'm4v', 'mov', 'webm'],
    limit: 2048 * MB,
    limitWord: '2 GB',
  },
  'speech.voice': {
    types: ['audio/webm', 'audio/ogg', 'audio/mp4', 'audio/x-m4a', 'audio/mpeg', 'audio/wav', 'audio/x-wav'],
    endings: ['ogg', 'opus', 'm4a', 'mp3', 'wav'],
    limit: 50 * MB,
    limitWord: '50 MB',
  },
  'speech.document': {
    types: [
      'application/pdf',
      'application/msword',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'application/vnd.ms-excel',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ],
    endings: ['pdf', 'doc', 'docx', 'xls', 'xlsx'],
    limit: 200 * MB,
    limitWord: '200 MB',
  },
}

/** `accept` of the choosers. Named types make iOS hand over JPEG instead of HEIC. */
export const ACCEPT = {
  album: [...KINDS['speech.photo'].types, ...KINDS['speech.video'].types].join(','),
  camera: 'image/*',
  film: 'video/*',
  document: KINDS['speech.document'].endings.map((ending) => `.${ending}`).join(','),
} as const

/** Files larger than this are not copied into the browser's own store. Bytes. */
export const KEPT_WHOLE = 50 * MB

export type Sorted =
  | { ok: true; kind: FileSpeechKind }
  | { ok: false; why: 'unknown_type' | 'empty' }
  | { ok: false; why: 'too_big'; limit: string }

/** The kind of a file by what it calls itself; refused when no kind takes it. */
export function sortFile(file: { name: string; type: string; size: number }): Sorted {
  if (file.size === 0) return { ok: false, why: 'empty' }
  const kind = kindOf(file)
  if (!kind) return { ok: false, why: 'unknown_type' }
  const { limit, limitWord } = KINDS[kind]
  return file.size > limit ? { ok: false, why: 'too_big', limit: limitWord } : { ok: true, kind }
}

function kindOf(file: { name: string; type: string }): FileSpeechKind | null {
  const type = (file.type.split(';')[0] ?? '').trim().toLowerCase()
  const ending = /\.([a-z0-9]+)$/i.exec(file.name)?.[1]?.toLowerCase() ?? ''
  const all = Object.entries(KINDS) as [FileSpeechKind, Kind][]
  const byType = all.find(([, kind]) => kind.types.includes(type))
  if (byType) return byType[0]
  // A type that is known to be something else is believed; a missing or vague one is not.
  if (/^(image|video|audio)\//.test(type) && !type.endsWith('/*')) return null
  return all.find(([, kind]) => kind.endings.includes(ending))?.[0] ?? null
}

/** 3.2 MB, 640 KB: for people, in steps of 1024. */
export function sizeWord(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const units = ['KB', 'MB', 'GB']
  let value = bytes / 1024
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} ${units[unit]}`
}
