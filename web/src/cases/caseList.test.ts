import { effectScope, nextTick } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { listCases } from '@/api/court'
import { ApiProblem } from '@/api/problem'
import type { CaseCard } from '@/api/types'
import { PAGE, nextOrder, useCaseList } from './caseList'

const page = (from: number, count: number) => Array.from({ length: count }, (_, n) => ({ id: `case-${from + n}` }) as CaseCard)
vi.mock('@/api/court', () => ({ listCases: vi.fn() }))
const asked = vi.mocked(listCases)
let scope = effectScope()

beforeEach(() => {
  vi.useFakeTimers()
  asked.mockReset()
  scope = effectScope()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

describe('the list of cases', () => {
  it('joins pages, and ends with the first that is not full', async () => {
    asked.mockResolvedValueOnce(page(0, PAGE)).mockResolvedValueOnce(page(PAGE - 1, 3))
    const list = scope.run(() => useCaseList())!
    await list.load()
    expect(list.complete.value).toBe(false)
    await list.more()
    expect(asked).toHaveBeenLastCalledWith(expect.objectContaining({ after: `case-${PAGE - 1}`, limit: PAGE }))
    expect(list.cases.value).toHaveLength(PAGE + 2)
    expect(list.complete.value).toBe(true)
    await list.more()
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it('asks once for a word that is typed letter by letter, and shows nothing of the last question meanwhile', async () => {
    asked.mockResolvedValue(page(0, 1))
    const list = scope.run(() => useCaseList())!
    await list.load()
    for (const query of ['民', '民初', ' 民初 1 ']) {
      list.wanted.query = query
      await nextTick()
    }
    await vi.advanceTimersByTimeAsync(300)
    expect(asked).toHaveBeenCalledTimes(2)
    expect(asked).toHaveBeenLastCalledWith(expect.objectContaining({ q: '民初 1' }))
    expect(list.filtered.value).toBe(true)
  })

  it('lets a later answer win, and keeps what is shown when there is none', async () => {
    let late: (cards: CaseCard[]) => void = () => {}
    asked.mockReturnValueOnce(new Promise((done) => (late = done))).mockResolvedValueOnce(page(9, 1))
    const list = scope.run(() => useCaseList())!
    void list.load()
    list.wanted.status = 'closed'
    await nextTick()
    await vi.advanceTimersByTimeAsync(0)
    late(page(0, 5))
    await vi.advanceTimersByTimeAsync(0)
    expect(list.cases.value?.map((card) => card.id)).toEqual(['case-9'])
    asked.mockRejectedValueOnce(new ApiProblem(0, { code: 'network' }))
    await list.load()
    expect(list.cases.value).toHaveLength(1)
    expect(list.problem.value?.code).toBe('network')
  })

  it('goes round the orders', () => {
    expect([nextOrder('filed'), nextOrder('soonest'), nextOrder('latest')]).toEqual(['soonest', 'latest', 'filed'])
  })
})
