/** Brings a picture to the court that shows what is told in words. */
import type { Upload } from 'tus-js-client'
import { newKey } from '@/api/client'
import { ApiProblem, type ProblemBody } from '@/api/problem'

/** The upload's id. Throws ApiProblem. */
export async function sendPicture(file: File, progress: (share: number) => void, signal: AbortSignal): Promise<string> {
  const { Upload } = await import('tus-js-client').catch(() => {
    throw new ApiProblem(0, { code: 'network' })
  })
  return new Promise((done, fail) => {
    const upload: Upload = new Upload(file, {
      endpoint: '/api/uploads',
      retryDelays: [500, 1500, 4000],
      storeFingerprintForResuming: false,
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name },
      headers: { 'Idempotency-Key': newKey() },
      onProgress: (sent) => progress(sent / Math.max(1, file.size)),
      onError: (error) => {
        const response = 'originalResponse' in error ? error.originalResponse : null
        fail(new ApiProblem(response?.getStatus() ?? 0, problemIn(response?.getBody())))
      },
      onSuccess: () => done((upload.url ?? '').replace(/[?#].*$/, '').split('/').pop() ?? ''),
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
