/**
 * The SHA-256 of a file in lower-case hexadecimal, computed in a worker; null when this browser cannot. The server
 * computes its own, so a missing one here loses a comparison and nothing else.
 */
export function sha256(file: Blob, signal?: AbortSignal): Promise<string | null> {
  return new Promise((done) => {
    let worker: Worker
    try {
      worker = new Worker(new URL('./sha256.worker.ts', import.meta.url), { type: 'module' })
    } catch {
      return done(null)
    }
    const end = (hash: string | null): void => {
      worker.terminate()
      done(hash)
    }
    signal?.addEventListener('abort', () => end(null))
    worker.onmessage = (event: MessageEvent<{ sha256?: string }>) => end(event.data.sha256 ?? null)
    worker.onerror = () => end(null)
    worker.postMessage(file)
  })
}
