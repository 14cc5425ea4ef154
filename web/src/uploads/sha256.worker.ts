/** SHA-256 of a file, read in slices, away from the page's own thread. */
import { Sha256 } from '../sha256'

const SLICE = 1024 * 1024

self.onmessage = async (event: MessageEvent<Blob>) => {
  try {
    const file = event.data
    const sha = new Sha256()
    for (let at = 0; at < file.size; at += SLICE) {
      sha.update(new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer()))
    }
    self.postMessage({ sha256: sha.hex() })
  } catch (error) {
    self.postMessage({ error: String(error) })
  }
}
