/**
 * Brings one file to the court in parts (tus 1.0) and checks that what arrived is what was sent.
 *
 * The address of the upload is written down as soon as the server gives it, so that after a reload it goes on where it
 * stopped. Trying again is the outbox's business: every failure of the network is thrown.
 */
import type { HttpResponse, Upload as TusUpload, UploadOptions } from 'tus-js-client'
import type { UploadView } from '@/api/types'
import type { Entry } from './entry'
import type { Hold, UploadAnswer } from './outbox'
import { FIRST_PART, nextPart } from '../uploads/parts'

export interface UploadDeps {
  /** The bytes of an entry: kept in it, or held by this page. */
  bytes(entry: Entry): Blob | undefined
  /** Whether the tab that held the bytes is still there. */
  tabLives(tab: string): Promise<boolean>
  /** The upload client, loaded when first wanted. */
  tus(): Promise<{ Upload: new (file: Blob, options: UploadOptions) => TusUpload }>
  sha256(file: Blob, signal: AbortSignal): Promise<string | null>
  /** `GET /api/uploads/{id}` */
  view(upload: string): Promise<UploadView>
  /** A fresh Idempotency-Key. */
  key(): string
  progress(key: string, sent: number, size: number): void
  now(): number
}

export function createUploader(deps: UploadDeps) {
  return async function upload(entry: Entry, hold: Hold): Promise<UploadAnswer> {
    const part = entry.file!
    const file = deps.bytes(entry)
    if (!file) return part.tab && (await deps.tabLives(part.tab)) ? 'elsewhere' : 'lost'
    const ours = deps.sha256(file, hold.signal)
    const arrived = await bring(entry, file, hold)
    if (!('url' in arrived)) return arrived.answer
    const id = arrived.url.replace(/[?#].*$/, '').split('/').pop() ?? ''
    const view = await deps.view(id)
    const hash = await ours
    if (hash !== null && hash !== view.sha256) {
      return { ok: false, status: 422, code: 'hash_differs', detail: '文件上传后校验不一致，请重新发送。' }
    }
    return { ok: true, blob: view.blob }
  }

  async function bring(entry: Entry, file: Blob, hold: Hold): Promise<{ url: string } | { answer: UploadAnswer }> {
    const part = entry.file!
    const { Upload } = await deps.tus()
    if (hold.signal.aborted) return { answer: 'paused' }
    return new Promise((done, fail) => {
      let asked = deps.now()
      const upload = new Upload(file, {
        endpoint: '/api/uploads',
        uploadUrl: part.url ?? null,
        chunkSize: FIRST_PART,
        retryDelays: null as unknown as number[],
        storeFingerprintForResuming: false,
        removeFingerprintOnSuccess: false,
        metadata: { filename: part.name },
        headers: { 'Idempotency-Key': part.uploadKey },
        onUploadUrlAvailable: () => {
          const url = upload.url
          if (url) void hold.save((one) => void (one.url = url))
        },
        onProgress: (sent) => deps.progress(entry.key, sent, file.size),
        onChunkComplete: (size, sent) => {
          const now = deps.now()
          if (size >= FIRST_PART) upload.options.chunkSize = nextPart(upload.options.chunkSize ?? FIRST_PART, now - asked)
          asked = now
          void hold.save((one) => void (one.sent = sent)).then((wanted) => {
            if (!wanted && sent < file.size) stop()
          })
        },
        onSuccess: () => done({ url: upload.url ?? '' }),
        onError: (error) => {
          const response = 'originalResponse' in error ? error.originalResponse : null
          if (isUnreadable(error)) return done({ answer: 'lost' })
          if (!response || !response.getStatus()) return fail(error)
          void settle(response, hold).then((answer) => (answer ? done({ answer }) : fail(error)))
        },
      })
      const stop = (): void => {
        void upload.abort()
        done({ answer: 'paused' })
      }
      hold.signal.addEventListener('abort', stop)
      upload.start()
    })
  }

  /** What a refusal means: null when it should simply be tried again. */
  async function settle(response: HttpResponse, hold: Hold): Promise<UploadAnswer | null> {
    const status = response.getStatus()
    if (status === 404 || status === 410) {
      // The upload has expired. The next attempt is a new one, with a new key.
      await hold.save((file) => {
        delete file.url
        file.sent = 0
        file.uploadKey = deps.key()
      })
      return null
    }
    const passing = status >= 500 || [408, 409, 423, 425, 429, 460].includes(status)
    if (passing || status < 400) return null
    const { code, detail } = problem(response.getBody())
    return { ok: false, status, code, detail }
  }
}

function problem(body: string): { code: string; detail: string } {
  try {
    const { code, detail } = JSON.parse(body) as { code?: string; detail?: string }
    return { code: code ?? 'upload_refused', detail: detail ?? '文件没有被接收，请换一个文件再试。' }
  } catch {
    return { code: 'upload_refused', detail: '文件没有被接收，请换一个文件再试。' }
  }
}

/** The file has been changed, moved or taken away since it was chosen. */
function isUnreadable(error: unknown): boolean {
  const name = (error as { name?: string; causingError?: { name?: string } }).causingError?.name ?? (error as Error).name
  return name === 'NotReadableError' || name === 'NotFoundError'
}
