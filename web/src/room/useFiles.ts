/** From chosen files to messages: sorted, asked about when a photo can perhaps not be read, put into the outbox. */
import { ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Act, FileSpeechKind } from '@/api/types'
import type { FilePart } from '@/outbox/entry'
import { useToast } from '@/stores/toast'
import { sortFile } from '@/uploads/kind'
import type { Seen } from '@/uploads/photo'
import type { Addressee } from './useOutgoing'

/** Files at a time; more are rather a mistake than a message. */
const MOST = 20

export interface DoubtfulPhoto extends Seen {
  file: File
  url: string
}

/** The measuring is loaded when there is something to measure. */
const look = (file: File): Promise<Seen | null> =>
  import('@/uploads/photo').then(
    ({ lookAtPhoto }) => lookAtPhoto(file),
    () => null,
  )

type Say = (kind: FileSpeechKind, file: File, facts: Partial<FilePart> & { name: string }, to: Addressee) => Promise<unknown>

/** Files go to whom the composer was set when they were chosen, however long looking at them takes. */
export function useFiles(may: (kind: Act['kind']) => boolean, say: Say, addressee: () => Addressee) {
  const { t } = useI18n()
  const toast = useToast()
  const doubtful = shallowRef<DoubtfulPhoto[]>([])
  const asking = ref(false)
  let doubtfulTo: Addressee = null

  async function take(files: readonly File[]): Promise<void> {
    if (files.length > MOST) toast.show(t('room.file.tooMany', { n: MOST }), { tone: 'bad', seconds: 6 })
    const found: DoubtfulPhoto[] = []
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
      const seen = sorted.kind === 'speech.photo' ? await look(file) : null
      // What can be read all the same is sent; the court's own look tells its author afterwards.
      if (seen?.findings.some((one) => one.grade === 'fault')) found.push({ file, ...seen, url: URL.createObjectURL(file) })
      else await say(sorted.kind, file, { name: file.name, ...(seen && { width: seen.width, height: seen.height }) }, to)
    }
    if (found.length === 0) return
    forget()
    doubtful.value = found
    doubtfulTo = to
    asking.value = true
  }

  /** The author wants them as they are. */
  async function sendDoubtful(): Promise<void> {
    const wanted = doubtful.value
    const to = doubtfulTo
    asking.value = false
    for (const { file, width, height } of wanted) await say('speech.photo', file, { name: file.name, width, height }, to)
    forget()
  }

  function forget(): void {
    for (const { url } of doubtful.value) URL.revokeObjectURL(url)
    doubtful.value = []
    asking.value = false
  }

  return { doubtful, asking, take, sendDoubtful, forget }
}
