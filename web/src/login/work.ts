import type { Proof } from '@/api/types'

type Report = { percent: number } | { proof: Proof } | { failed: true }

/** Solves the human check in a worker, so that the page stays usable. Rejects when the worker cannot run. */
export function workOut(challenge: string, bits: number, told: (percent: number) => void, signal?: AbortSignal): Promise<Proof> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./proof.worker.ts', import.meta.url), { type: 'module' })
    const end = (then: () => void) => {
      worker.terminate()
      then()
    }
    signal?.addEventListener('abort', () => end(() => reject(new Error('aborted'))))
    worker.addEventListener('error', () => end(() => reject(new Error('worker failed'))))
    worker.addEventListener('message', (event: MessageEvent<Report>) => {
      const report = event.data
      if ('percent' in report) told(report.percent)
      else if ('proof' in report) end(() => resolve(report.proof))
      else end(() => reject(new Error('no nonce found')))
    })
    worker.postMessage({ challenge, bits })
  })
}
