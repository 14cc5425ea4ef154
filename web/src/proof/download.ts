import { ApiProblem, readProblem } from '@/api/problem'
import type { Id } from '@/api/types'

/** Fetches the receipt of an act and hands it to the browser as a file. Throws ApiProblem. */
export async function downloadReceipt(room: Id, seq: number): Promise<void> {
  let response: Response
  try {
    response = await fetch(`/api/rooms/${encodeURIComponent(room)}/acts/${seq}/receipt`, { credentials: 'same-origin', cache: 'no-store' })
  } catch {
    throw new ApiProblem(0, { code: 'network' })
  }
  if (!response.ok) throw await readProblem(response)
  const address = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = address
  link.download = `存证凭证-${room.slice(0, 8)}-${seq}.txt`
  link.click()
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
