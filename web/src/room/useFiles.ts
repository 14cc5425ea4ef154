/** From chosen files to messages: sorted, warned about when a photo is small, put into the outbox. */
import { ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Act, FileSpeechKind } from '@/api/types'
import type { FilePart } from '@/outbox/entry'
import { useToast } from '@/stores/toast'
import { sortFile } from '@/uploads/kind'
import { isSmallPhoto, photoSize } from '@/uploads/photo'
import type { Addressee } from './useOutgoing'

/** Files at a time; more are rather a mistake than a message. */
const MOST = 20

export interface SmallPhoto {
  file: File
  width: number
  height: number
  url: string
}

type Say = (kind: FileSpeechKind, file: File, facts: Partial<FilePart> & { name: string }, to: Addressee) => Promise<unknown>

/** Files go to whom the composer was set when they were chosen, however long looking at them takes. */
export function useFiles(may: (kind: Act['kind']) => boolean, say: Say, addressee: () => Addressee) {
  const { t } = useI18n()
  const toast = useToast()
  const small = shallowRef<SmallPhoto[]>([])
  const asking = ref(false)
  let smallTo: Addressee = null

  async function take(files: readonly File[]): Promise<void> {
    if (files.length > MOST) toast.show(t('room.file.tooMany', { n: MOST }), { tone: 'bad', seconds: 6 })
    const doubtful: SmallPhoto[] = []
    const to = addressee()
    for (const file of files.slice(0, MOST)) {
      const sorted = sortFile(file)
      if (!sorted.ok) {
        const limit = sorted.why === 'too_big' ? sorted.limit : ''
        toast.show(t(`room.file.${sorted.why}`, { name: file.name, limit }), { tone: 'bad', seconds: 8 })
        continue
      }
      if (!may(sorted.kind)) {
        toast.show(t('room.file.unknown_type', { name: file.name }), { tone: 'bad', seconds: 8 })
        continue
      }
      const size = sorted.kind === 'speech.photo' ? await photoSize(file) : null
      if (size && isSmallPhoto(size)) doubtful.push({ file, ...size, url: URL.createObjectURL(file) })
      else await say(sorted.kind, file, { name: file.name, ...size }, to)
    }
    if (doubtful.length === 0) return
    forget()
    small.value = doubtful
    smallTo = to
    asking.value = true
  }

  /** The author wants them as they are. */
  async function sendSmall(): Promise<void> {
    const wanted = small.value
    const to = smallTo
    asking.value = false
    for (const { file, width, height } of wanted) await say('speech.photo', file, { name: file.name, width, height }, to)
    forget()
  }

  function forget(): void {
    for (const { url } of small.value) URL.revokeObjectURL(url)
    small.value = []
    asking.value = false
  }

  return { small, asking, take, sendSmall, forget }
}
