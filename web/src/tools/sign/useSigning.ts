/** A file on its way to being signed: brought, opened, signed after a step-up, and deleted at the court in every other case. */
import { onScopeDispose, ref, shallowRef } from 'vue'
import { newKey } from '@/api/client'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { OwnSignature, SignedFile, SignPages, SignPlace, StepUp } from '@/api/types'
import { bring, type Brought, dropUpload } from '../bring'
import { getSignPages, signFile } from './api'

export type SigningState = 'idle' | 'bringing' | 'opening' | 'open' | 'signing' | 'done'

/** How often a busy server is asked again. */
const ASKED_AGAIN = 6

const later = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000))

export function useSigning(wait = later) {
  const state = ref<SigningState>('idle')
  const queued = ref(false)
  const share = ref(0)
  const pages = shallowRef<SignPages | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const result = shallowRef<SignedFile | null>(null)
  /** For what a code must be asked before it goes on. */
  const needed = shallowRef<StepUp | null>(null)
  const upload = ref('')
  let brought: Brought | null = null
  let current: AbortController | null = null
  let wish = { text: '', key: '' }

  async function open(file: File): Promise<void> {
    forget()
    const mine = new AbortController()
    current = mine
    share.value = 0
    state.value = 'bringing'
    let here: Brought | null = null
    try {
      here = await bring(file, file.name || 'photo.jpg', (part) => (share.value = part), mine.signal)
      if (current !== mine) return here.remove()
      brought = here
      state.value = 'opening'
      const found = await patiently(() => getSignPages(here!.id), mine)
      if (current !== mine) return
      upload.value = here.id
      pages.value = found
      state.value = 'open'
    } catch (error) {
      if (current !== mine) return
      forget()
      problem.value = asProblem(error)
    }
  }

  /** The same wish keeps its key, so that it has one effect however often it is sent. */
  async function sign(signature: OwnSignature, places: SignPlace[]): Promise<void> {
    if (!pages.value || !brought || state.value === 'signing') return
    const wanted = { document: pages.value.sha256, signature: signature.commitment, places }
    const text = JSON.stringify([brought.id, wanted])
    if (wish.text !== text) wish = { text, key: newKey() }
    const mine = new AbortController()
    current = mine
    problem.value = null
    needed.value = null
    state.value = 'signing'
    try {
      const signed = await patiently(() => signFile(brought!.id, wanted, wish.key, mine.signal), mine)
      if (current !== mine) return
      brought = null
      result.value = signed
      state.value = 'done'
    } catch (error) {
      if (current !== mine) return
      const refused = asProblem(error)
      state.value = 'open'
      const document = refused.more?.document
      if (refused.code === 'step_up_required' && typeof document === 'string') needed.value = { purpose: 'signature.place', document }
      else problem.value = refused
    }
  }

  async function patiently<T>(ask: () => Promise<T>, mine: AbortController): Promise<T> {
    try {
      for (let tries = 0; ; tries += 1) {
        try {
          return await ask()
        } catch (error) {
          const refused = asProblem(error)
          const busy = [408, 423, 503].includes(refused.status) && refused.code !== 'tool_switched_off'
          if (!busy || tries >= ASKED_AGAIN || mine.signal.aborted) throw refused
          queued.value = true
          await wait(refused.retryAfter ?? 3)
        }
      }
    } finally {
      queued.value = false
    }
  }

  /** What came of it goes at once. */
  async function drop(): Promise<void> {
    if (result.value) await dropUpload(result.value.upload)
    forget()
  }

  function forget(): void {
    current?.abort()
    current = null
    brought?.remove()
    brought = null
    upload.value = ''
    pages.value = null
    problem.value = null
    needed.value = null
    result.value = null
    wish = { text: '', key: '' }
    state.value = 'idle'
  }

  onScopeDispose(() => {
    current?.abort()
    brought?.remove()
  })
  return { state, queued, share, pages, problem, result, needed, upload, open, sign, drop, forget }
}
