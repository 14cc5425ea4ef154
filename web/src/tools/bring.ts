/** Brings a file to the court for a tool, or to show who one is: kept apart from all cases, deleted when it has been worked on. */
import type { Upload } from 'tus-js-client'
import { newKey } from '@/api/client'
import { ApiProblem, type ProblemBody, readProblem } from '@/api/problem'

export interface Brought {
  id: string
  /** Deletes it at the court, if it is still there. */
  remove(): void
}

/** The upload's id. Throws ApiProblem. */
export async function bring(file: File | Blob, name: string, progress: (share: number) => void, signal: AbortSignal, purpose: 'tool' | 'identity' = 'tool'): Promise<Brought> {
  const { Upload } = await import('tus-js-client').catch(() => {
    throw new ApiProblem(0, { code: 'network' })
  })
  if (signal.aborted) throw new ApiProblem(0, { code: 'aborted' })
  return new Promise((done, fail) => {
    const upload: Upload = new Upload(file, {
      endpoint: '/api/uploads',
      retryDelays: [500, 1500, 4000],
      storeFingerprintForResuming: false,
      removeFingerprintOnSuccess: true,
      metadata: { filename: name, purpose },
      headers: { 'Idempotency-Key': newKey() },
      onProgress: (sent) => progress(sent / Math.max(1, file.size)),
      onError: (error) => {
        const response = 'originalResponse' in error ? error.originalResponse : null
        fail(new ApiProblem(response?.getStatus() ?? 0, problemIn(response?.getBody())))
      },
      onSuccess: () => {
        const id = (upload.url ?? '').replace(/[?#].*$/, '').split('/').pop() ?? ''
        done({ id, remove: () => void upload.abort(true).catch(() => undefined) })
      },
    })
    signal.addEventListener('abort', () => {
      void upload.abort(true).catch(() => undefined)
      fail(new ApiProblem(0, { code: 'aborted' }))
    })
    upload.start()
  })
}

function problemIn(body: string | undefined): ProblemBody {
  try {
    return JSON.parse(body ?? '') as ProblemBody
  } catch {
    return {}
  }
}

/** Deletes a file of one's own at the court, at once. */
export async function dropUpload(upload: string): Promise<void> {
  const headers = { 'Tus-Resumable': '1.0.0' }
  const response = await fetch(`/api/uploads/${encodeURIComponent(upload)}`, { method: 'DELETE', headers, credentials: 'same-origin' }).catch(() => {
    throw new ApiProblem(0, { code: 'network' })
  })
  if (!response.ok && response.status !== 404) throw await readProblem(response)
}
