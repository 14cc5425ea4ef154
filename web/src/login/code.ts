// Getting an SMS code: the request, the human check when the server asks for one, and the wait before the next.
import { computed, onScopeDispose, ref } from 'vue'
import { sendCode } from '@/api/court'
import { ApiProblem, asProblem } from '@/api/problem'
import type { CodeSent } from '@/api/types'
import { workOut } from './work'

export function useCode() {
  const sent = ref<(CodeSent & { phone: string }) | null>(null)
  const problem = ref<ApiProblem | null>(null)
  const sending = ref(false)
  /** Percent of the human check; null when there is none. */
  const proving = ref<number | null>(null)
  const readyAt = ref(0)
  const now = ref(Date.now())
  const ticker = setInterval(() => (now.value = Date.now()), 500)
  const stop = new AbortController()
  onScopeDispose(() => {
    clearInterval(ticker)
    stop.abort()
  })

  /** Seconds until another code may be asked for. */
  const wait = computed(() => Math.max(0, Math.ceil((readyAt.value - now.value) / 1000)))

  function waitFor(seconds: number) {
    now.value = Date.now()
    readyAt.value = now.value + seconds * 1000
  }

  /** Asks for a code; true when it is on its way. */
  async function ask(phone: string): Promise<boolean> {
    if (sending.value || wait.value > 0) return false
    sending.value = true
    problem.value = null
    try {
      const answer = await askWithProof(phone)
      sent.value = { ...answer, phone }
      waitFor(answer.resend_after)
      return true
    } catch (error) {
      problem.value = asProblem(error)
      if (problem.value.retryAfter !== null) waitFor(problem.value.retryAfter)
      return false
    } finally {
      sending.value = false
      proving.value = null
    }
  }

  async function askWithProof(phone: string): Promise<CodeSent> {
    try {
      return await sendCode(phone)
    } catch (error) {
      const check = asProblem(error)
      const { challenge, bits } = check.more
      if (check.status !== 428 || typeof challenge !== 'string' || typeof bits !== 'number') throw error
      proving.value = 0
      const proof = await workOut(challenge, bits, (percent) => (proving.value = percent), stop.signal).catch(() => {
        throw new ApiProblem(0, { code: 'proof_failed', detail: '人机校验没有完成，请重试。' })
      })
      return await sendCode(phone, proof)
    }
  }

  return { sent, problem, sending, proving, wait, ask }
}
