/** Files that go with a matter or an answer: brought to the court as soon as they are chosen, named by their uploads afterwards. */
import { computed, onScopeDispose, ref } from 'vue'
import { getUpload } from '@/api/court'
import { newKey } from '@/api/client'
import { asProblem } from '@/api/problem'
import { t } from '@/words'
import type { Entry, FilePart } from './entry'
import { createUploader } from './upload'
import { sortFile } from '@/uploads/kind'
import { sha256 } from '@/uploads/sha256'

/** As many as the court takes. */
export const MOST_FILES = 9

export interface Attachment {
  key: string
  name: string
  size: number
  /** Percent. */
  sent: number
  /** The upload, once the court has the whole file. */
  blob?: string
  problem?: string
}

export function useAttachments() {
  const files = ref<Attachment[]>([])
  const refused = ref('')
  const bytes = new Map<string, File>()
  const halts = new Map<string, AbortController>()
  /** Where an upload that broke off goes on. */
  const parts = new Map<string, FilePart>()

  const upload = createUploader({
    bytes: (entry) => bytes.get(entry.key),
    tabLives: () => Promise.resolve(false),
    tus: () => import('tus-js-client'),
    sha256,
    view: getUpload,
    key: newKey,
    progress: (key, sent, size) => change(key, { sent: size ? Math.round((sent / size) * 100) : 100 }),
    now: () => performance.now(),
  })

  const ready = computed(() => files.value.every((one) => one.blob))
  const blobs = computed(() => files.value.flatMap((one) => one.blob ?? []))

  function change(key: string, to: Partial<Attachment>): void {
    files.value = files.value.map((one) => (one.key === key ? { ...one, ...to } : one))
  }

  function take(chosen: readonly File[]): void {
    refused.value = ''
    for (const file of chosen) {
      if (files.value.length >= MOST_FILES) return void (refused.value = t('matters.form.tooMany', { n: MOST_FILES }))
      const sorted = sortFile(file)
      if (!sorted.ok) {
        refused.value = t(`room.file.${sorted.why}`, { name: file.name, limit: sorted.why === 'too_big' ? sorted.limit : '' })
        continue
      }
      const key = newKey()
      bytes.set(key, file)
      parts.set(key, { name: file.name, size: file.size, type: file.type, lastModified: file.lastModified, uploadKey: newKey(), sent: 0 })
      files.value = [...files.value, { key, name: file.name, size: file.size, sent: 0 }]
      void bring(key)
    }
  }

  async function bring(key: string): Promise<void> {
    const part = parts.get(key)
    if (!part) return
    change(key, { problem: undefined })
    const halt = new AbortController()
    halts.set(key, halt)
    const save = (note: (file: FilePart) => void): Promise<boolean> => {
      note(part)
      return Promise.resolve(!halt.signal.aborted)
    }
    try {
      const answer = await upload({ key, file: part } as Entry, { signal: halt.signal, save })
      if (typeof answer === 'object' && answer.ok) change(key, { blob: answer.blob, sent: 100 })
      else if (answer !== 'paused') change(key, { problem: typeof answer === 'object' ? answer.detail : t('matters.form.uploadFailed') })
    } catch (error) {
      const problem = asProblem(error)
      change(key, { problem: problem.code === 'unexpected' ? t('matters.form.uploadFailed') : problem.detail })
    }
  }

  function remove(key: string): void {
    halts.get(key)?.abort()
    bytes.delete(key)
    parts.delete(key)
    files.value = files.value.filter((one) => one.key !== key)
  }

  /** Takes up what a draft names; what has expired meanwhile is left out and told. */
  async function restore(uploads: readonly string[]): Promise<void> {
    const found = await Promise.all(
      uploads.map((blob) =>
        getUpload(blob).then(
          (view): Attachment => ({ key: newKey(), name: view.name, size: view.size, sent: 100, blob }),
          () => null,
        ),
      ),
    )
    const here = found.filter((one) => one !== null)
    files.value = [...here, ...files.value]
    if (here.length < uploads.length) refused.value = t('matters.form.gone', { n: uploads.length - here.length })
  }

  onScopeDispose(() => halts.forEach((halt) => halt.abort()))

  return { files, refused, ready, blobs, take, bring, remove, restore }
}
