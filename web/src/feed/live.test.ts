import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLive, type LiveDeps, type Socket } from './live'
import type { Act } from './types'

class FakeSocket implements Socket {
  readyState = 0
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  sent: unknown[] = []
  constructor(readonly protocols: string[]) {}
  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }
  close(): void {
    this.readyState = 3
  }
  opens(): void {
    this.readyState = 1
    this.onopen?.()
  }
  says(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
  closes(code: number): void {
    this.readyState = 3
    this.onclose?.({ code })
  }
}

function act(seq: number): Act {
  return { seq, id: `a${seq}`, kind: 'speech.text', text: 'x' } as Act
}

let sockets: FakeSocket[]
let polled: { room: string; after: number }[]
let answers: Act[]
let reachable: boolean
let loggedIn: boolean
let healthy: boolean

function deps(): LiveDeps {
  let n = 0
  return {
    ticket: async () => {
      if (!reachable) throw new TypeError('network')
      return loggedIn ? `t${(n += 1)}` : 'ended'
    },
    connect: (protocols) => {
      const socket = new FakeSocket(protocols)
      sockets.push(socket)
      return socket
    },
    acts: async (room, after) => {
      polled.push({ room, after })
      return answers.filter((one) => one.seq > after)
    },
    healthy: async () => healthy,
    random: () => 1,
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  sockets = []
  polled = []
  answers = []
  reachable = loggedIn = healthy = true
})
afterEach(() => vi.useRealTimers())

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0)

async function watching(after = 7) {
  const seen: number[] = []
  const live = createLive(deps())
  const online: string[][] = []
  const leave = live.watch('r1', after, { act: (one) => seen.push(one.seq), online: (ids) => online.push(ids) })
  await settle()
  sockets[0]?.opens()
  return { live, seen, online, leave }
}

describe('live', () => {
  it('connects with a one-use ticket and watches from the last seq', async () => {
    const { live, seen, online } = await watching()
    expect(sockets[0]!.protocols).toEqual(['weiting.v1', 'ticket.t1'])
    expect(sockets[0]!.sent).toEqual([{ watch: [{ room: 'r1', after: 7 }] }])
    sockets[0]!.says({ room: 'r1', seq: 8, act: act(8) })
    sockets[0]!.says({ room: 'r1', online: ['m1'] })
    expect(seen).toEqual([8])
    expect(online).toEqual([['m1']])
    expect(live.state).toBe('open')
  })

  it('resumes after the last seq when the connection breaks', async () => {
    const { live } = await watching()
    sockets[0]!.says({ room: 'r1', seq: 8, act: act(8) })
    sockets[0]!.says({ room: 'r1', seq: 9, act: act(9) })
    sockets[0]!.closes(1006)
    expect(live.state).toBe('waiting')
    await vi.advanceTimersByTimeAsync(500)
    sockets[1]!.opens()
    expect(sockets[1]!.protocols[1]).toBe('ticket.t2')
    expect(sockets[1]!.sent).toEqual([{ watch: [{ room: 'r1', after: 9 }] }])
  })

  it('waits longer each time, thirty seconds at most', async () => {
    const { live } = await watching()
    const pauses: number[] = []
    sockets[0]!.closes(1006)
    for (let i = 0; i < 8; i += 1) {
      const count = sockets.length
      let waited = 0
      while (sockets.length === count) {
        await vi.advanceTimersByTimeAsync(500)
        waited += 500
      }
      pauses.push(waited)
      sockets.at(-1)!.closes(1006)
    }
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000])
    expect(live.state).toBe('waiting')
  })

  it('reads by HTTP every five seconds while no socket can be had', async () => {
    const { seen } = await watching()
    reachable = false
    sockets[0]!.closes(1006)
    answers = [act(8), act(9)]
    await vi.advanceTimersByTimeAsync(5000)
    expect(seen).toEqual([8, 9])
    await vi.advanceTimersByTimeAsync(5000)
    expect(polled.at(-1)).toEqual({ room: 'r1', after: 9 })
    expect(seen).toEqual([8, 9])
    reachable = true
    await vi.advanceTimersByTimeAsync(30_000)
    sockets.at(-1)!.opens()
    expect(sockets.at(-1)!.sent).toEqual([{ watch: [{ room: 'r1', after: 9 }] }])
    const before = polled.length
    await vi.advanceTimersByTimeAsync(20_000)
    expect(polled.length).toBe(before)
  })

  it('tries at once when the network returns', async () => {
    const { live } = await watching()
    reachable = false
    sockets[0]!.closes(1006)
    await vi.advanceTimersByTimeAsync(60_000)
    reachable = true
    const before = sockets.length
    live.wake()
    await settle()
    expect(sockets.length).toBe(before + 1)
  })

  it('a silent socket is kept while the server answers and left when it does not', async () => {
    const { live } = await watching()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(live.state).toBe('open')
    healthy = false
    await vi.advanceTimersByTimeAsync(60_000)
    expect(live.state).toBe('waiting')
    expect(sockets[0]!.readyState).toBe(3)
  })

  it('a socket that has silently lost acts is found out and left', async () => {
    const { live, seen } = await watching()
    answers = [act(8)]
    await vi.advanceTimersByTimeAsync(180_000)
    expect(seen).toEqual([8])
    expect(live.state).toBe('waiting')
  })

  it('stops for good when the session has ended', async () => {
    const { live } = await watching()
    sockets[0]!.closes(4401)
    expect(live.state).toBe('ended')
    await vi.advanceTimersByTimeAsync(120_000)
    expect(sockets.length).toBe(1)
    expect(polled).toEqual([])
  })

  it('a refused ticket ends it too', async () => {
    loggedIn = false
    const { live } = await watching()
    expect(live.state).toBe('ended')
    expect(sockets).toEqual([])
  })

  it('backs off far after asking too much', async () => {
    await watching()
    sockets[0]!.closes(4408)
    await vi.advanceTimersByTimeAsync(29_000)
    expect(sockets.length).toBe(1)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(sockets.length).toBe(2)
  })

  it('unwatches with the last watcher of a room', async () => {
    const { live, leave } = await watching()
    const again = live.watch('r1', 3, { act: () => undefined })
    expect(sockets[0]!.sent.at(-1)).toEqual({ watch: [{ room: 'r1', after: 3 }] })
    leave()
    expect(sockets[0]!.sent.length).toBe(2)
    again()
    expect(sockets[0]!.sent.at(-1)).toEqual({ unwatch: ['r1'] })
  })

  it('a frame that is not understood does no harm', async () => {
    const { seen } = await watching()
    sockets[0]!.onmessage?.({ data: '{' })
    sockets[0]!.onmessage?.({ data: 'null' })
    sockets[0]!.says({ room: 'other', seq: 1, act: act(1) })
    expect(seen).toEqual([])
  })
})

describe('how much is not read', () => {
  const counts = { unread: 3, rooms: 2, notifications: 1 }

  it('is asked for without any room, told to all who follow, and asked for again after a break', async () => {
    const live = createLive(deps())
    const heard: unknown[][] = [[], []]
    const leave = live.inbox((told) => heard[0]!.push(told))
    await vi.advanceTimersByTimeAsync(0)
    sockets[0]!.opens()
    expect(sockets[0]!.sent).toEqual([{ watch: [], inbox: true }])
    live.inbox((told) => heard[1]!.push(told))
    expect(sockets[0]!.sent.at(-1)).toEqual({ inbox: true })
    sockets[0]!.says({ inbox: counts })
    expect(heard).toEqual([[counts], [counts]])
    sockets[0]!.closes(1006)
    await vi.advanceTimersByTimeAsync(1_000)
    sockets[1]!.opens()
    expect(sockets[1]!.sent).toEqual([{ watch: [], inbox: true }])
    leave()
    sockets[1]!.says({ inbox: { ...counts, unread: 9 } })
    expect(heard.map((one) => one.length)).toEqual([1, 2])
  })

  it('is nothing to a room, and a room nothing to it', async () => {
    const live = createLive(deps())
    const acts: number[] = []
    const told: unknown[] = []
    live.watch('r', 0, { act: (one) => acts.push(one.seq) })
    live.inbox((one) => told.push(one))
    await vi.advanceTimersByTimeAsync(0)
    sockets[0]!.opens()
    sockets[0]!.says({ inbox: counts })
    sockets[0]!.says({ room: 'r', seq: 1, act: act(1) })
    expect([acts, told]).toEqual([[1], [counts]])
  })
})
