import { afterEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { ApiProblem } from '@/api/problem'
import { turnedPlace } from './turned'

const bring = vi.hoisted(() => vi.fn())
const readText = vi.hoisted(() => vi.fn())
vi.mock('./bring', () => ({ bring }))
vi.mock('@/api/court', () => ({ readText }))
const { useReading } = await import('./useReading')

const photo = new File(['x'], '借条.jpg')
const answer = { lines: [] }

function setting() {
  const scope = effectScope()
  const waited: number[] = []
  const reading = scope.run(() => useReading(async (seconds) => waited.push(seconds)))!
  const removed = vi.fn()
  bring.mockResolvedValue({ id: 'u1', remove: removed })
  return { scope, reading, removed, waited }
}

afterEach(() => void vi.resetAllMocks())

describe('a photo becomes text', () => {
  it('once it is brought and read', async () => {
    const { reading, removed } = setting()
    readText.mockResolvedValue(answer)
    await reading.read(photo, 1)
    expect(reading.state.value).toBe('done')
    expect(reading.text.value).toEqual(answer)
    expect(readText.mock.calls[0]!.slice(0, 2)).toEqual(['u1', 1])
    expect(removed).not.toHaveBeenCalled()
  })

  it('a busy server is asked again when it says so, and not for ever', async () => {
    const { reading, waited, removed } = setting()
    readText.mockRejectedValueOnce(new ApiProblem(503, { code: 'unavailable' }, 5)).mockResolvedValue(answer)
    await reading.read(photo, 0)
    expect([reading.state.value, waited]).toEqual(['done', [5]])
    readText.mockReset().mockRejectedValue(new ApiProblem(503, { code: 'unavailable' }, 1))
    await reading.read(photo, 0)
    expect(reading.problem.value?.code).toBe('unavailable')
    expect(readText).toHaveBeenCalledTimes(7)
    expect(removed).toHaveBeenCalledOnce()
  })

  it('what cannot be read is told and deleted', async () => {
    const { reading, removed } = setting()
    readText.mockRejectedValue(new ApiProblem(503, { code: 'tool_switched_off' }))
    await reading.read(photo, 0)
    expect([reading.state.value, reading.problem.value?.code]).toEqual(['idle', 'tool_switched_off'])
    expect(readText).toHaveBeenCalledOnce()
    expect(removed).toHaveBeenCalledOnce()
  })

  it('who leaves takes the photo along', async () => {
    const { reading, removed, scope } = setting()
    readText.mockImplementation((_id, _turn, signal: AbortSignal) => new Promise((_, fail) => signal.addEventListener('abort', () => fail(new ApiProblem(0, { code: 'aborted' })))))
    const read = reading.read(photo, 0)
    await vi.waitFor(() => expect(readText).toHaveBeenCalled())
    scope.stop()
    await read
    expect(removed).toHaveBeenCalledOnce()
    expect(reading.problem.value).toBeNull()
  })
})

it('places are turned with the photo', () => {
  expect([0, 1, 2, 3].map((turn) => turnedPlace([0.25, 0.75], turn))).toEqual([
    [0.25, 0.75],
    [0.25, 0.25],
    [0.75, 0.25],
    [0.75, 0.75],
  ])
})
