/** What is read page by page, from the dossier or from a room: first it is opened, which is an act, then its pages are asked for. */
import { onScopeDispose, ref, shallowRef } from 'vue'
import { newKey } from '@/api/client'
import { entryFileUrl, entryPageUrl, getEntryPages, getSharePages, perform, sharePageUrl } from '@/api/court'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { Id, NewAct, PageWidth, Pages } from '@/api/types'

/** How often it is asked whether pages are ready. Milliseconds. */
const ASK_EVERY = 2000

export interface PageSource {
  title: string
  /** Refused with `dossier_not_opened` until it has been opened. */
  pages(): Promise<Pages>
  open(): Promise<void>
  url(n: number, width: PageWidth): string
  /** Where the original is saved from; none for those who may only read. */
  original?: string
}

export type PageSize = Extract<Pages, { state: 'ready' }>['sizes'][number]

/** An entry as the bench reads it from the dossier; `room` is where the opening is recorded. */
export const entrySource = (kase: Id, entry: Id, title: string, room: Id): PageSource => ({
  title,
  pages: () => getEntryPages(kase, entry),
  open: () => opened(room, { kind: 'dossier.inspect', entry }),
  url: (n, width) => entryPageUrl(kase, entry, n, width),
  original: entryFileUrl(kase, entry),
})

/** What is shared into a room, as its members read it there. */
export const shareSource = (room: Id, share: Id, title: string): PageSource => ({
  title,
  pages: () => getSharePages(room, share),
  open: () => opened(room, { kind: 'dossier.open', share }),
  url: (n, width) => sharePageUrl(room, share, n, width),
})

async function opened(room: Id, act: NewAct): Promise<void> {
  try {
    await perform(room, act, newKey())
  } catch (error) {
    // It is open already, from another window or by an answer that was lost.
    if (asProblem(error).code !== 'dossier_opened') throw error
  }
}

export function usePages(source: () => PageSource) {
  const state = ref<'opening' | 'preparing' | 'ready' | 'failed'>('opening')
  const sizes = shallowRef<PageSize[]>([])
  const problem = shallowRef<ApiProblem | null>(null)
  /** Why there are no pages, in the court's words. */
  const failure = ref('')
  /** Counts the openings: pictures that failed are asked for again after each. */
  const turn = ref(0)
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  async function ask(): Promise<Pages> {
    try {
      return await source().pages()
    } catch (error) {
      if (asProblem(error).code !== 'dossier_not_opened') throw error
    }
    await source().open()
    return source().pages()
  }

  async function load(): Promise<void> {
    clearTimeout(timer)
    problem.value = null
    if (state.value === 'failed') state.value = 'opening'
    try {
      const answer = await ask()
      if (gone) return
      state.value = answer.state
      if (answer.state === 'ready') {
        if (sizes.value.length !== answer.sizes.length) sizes.value = answer.sizes
        turn.value += 1
      } else if (answer.state === 'failed') failure.value = answer.detail
      else timer = setTimeout(() => void load(), ASK_EVERY)
    } catch (error) {
      if (!gone) problem.value = asProblem(error)
    }
  }

  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })
  void load()
  return { state, sizes, problem, failure, turn, load }
}
