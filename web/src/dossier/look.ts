/** How a file in the dossier looks in a list. */
// Icons of its own: what the room draws at once stays in the room's first file.
import { AudioLines, Film, Image, NotepadText, ScrollText, Sheet } from '@lucide/vue'
import type { Component } from 'vue'
import type { FileInfo } from '@/api/types'

export function lookOf(file: Pick<FileInfo, 'kind' | 'name'>): { icon: Component; tone: 'photo' | 'media' | 'pdf' | 'sheet' | 'word' } {
  if (file.kind === 'photo') return { icon: Image, tone: 'photo' }
  if (file.kind === 'video') return { icon: Film, tone: 'media' }
  if (file.kind === 'voice') return { icon: AudioLines, tone: 'media' }
  if (/\.xlsx?$/i.test(file.name)) return { icon: Sheet, tone: 'sheet' }
  return /\.pdf$/i.test(file.name) ? { icon: ScrollText, tone: 'pdf' } : { icon: NotepadText, tone: 'word' }
}

/** The beginning and the end of a hash: enough to compare two by eye. */
export const shortHash = (sha256: string) => `${sha256.slice(0, 8)}…${sha256.slice(-8)}`
