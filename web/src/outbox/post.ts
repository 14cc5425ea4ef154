/** Posts a waiting message as an act. */
import { perform } from '@/api/court'
import { ApiProblem } from '@/api/problem'
import type { NewAct } from '@/api/types'
import type { Answer, Entry } from './entry'

export async function post(entry: Entry): Promise<Answer> {
  try {
    return { ok: true, receipt: await perform(entry.room, entry.body as NewAct, entry.key) }
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status === 0) throw error
    const { status, code, detail, retryAfter } = error
    return { ok: false, status, code, detail, ...(retryAfter !== null && { retryAfter }) }
  }
}
