// @vitest-environment node
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { pause, verdict, type Answer, type Entry } from './entry'
import { createOutbox, type Outbox, type OutboxDeps } from './outbox'
import { openOutboxDb, type OutboxDb } from './store'

/** A court that records each key once, however often it is asked, and can be made to misbehave. */
class Court {
  record: string[] = []
  requests = 0
  byKey = new Map<string, number>()
  mood: (entry: Entry) => Answer | 'dead' | 'dead after recording' | undefined = () => undefined

  post = async (entry: Entry): Promise<Answer> => {
    this.requests += 1
    const mood = this.mood(entry)
    if (mood === 'dead') throw new TypeError('network')
    if (mood && mood !== 'dead after recording') return mood
    let seq = this.byKey.get(entry.key)
    if (seq === undefined) {
      this.record.push(entry.body.text ?? entry.body.blob ?? '')
      seq = this.record.length
      this.byKey.set(entry.key, seq)
    }
    if (mood) throw new TypeError('network')
    return { ok: true, receipt: { room: 'r', seq, id: `a${seq}`, at: '2026-11-20T00:00:00Z', leaf: 'ab' } }
  }
}

/** `navigator.locks` for tests: one holder per name, the others wait in order. */
class Locks {
  private tails = new Map<string, Promise<unknown>>()
  most = 0
  private held = 0
  request = ((name: string, work: () => Promise<unknown>): Promise<unknown> => {
    const before = this.tails.get(name) ?? Promise.resolve()
    const run = before.then(async () => {
      this.held += 1
      this.most = Math.max(this.most, this.held)
      try {
        return await work()
      } finally {
        this.held -= 1
      }
    })
    this.tails.set(name, run.catch(() => undefined))
    return run
  }) as LockManager['request']
}

const refused: Answer = { ok: false, status: 403, code: 'not_open', detail: '异步审理尚未启动。' }

let court: Court
let locks: Locks
let db: OutboxDb
let names = 0
let now = 0
const open: Outbox[] = []

function tab(more: Partial<OutboxDeps> = {}): Outbox {
  let keys = 0
  const name = (names += 1)
  const outbox = createOutbox({
    db,
    owner: 'p1',
    post: court.post,
    locks,
    now: () => now,
    key: () => `${name}-${(keys += 1)}`,
    changed: () => undefined,
    ...more,
  })
  open.push(outbox)
  return outbox
}

/** Lets everything that can happen now happen. */
async function settle(): Promise<void> {
  for (let i = 0; i < 30; i += 1) await new Promise((done) => setImmediate(done))
}

const text = (words: string) => ({ kind: 'speech.text', text: words }) as const

beforeEach(async () => {
  court = new Court()
  locks = new Locks()
  now = 1_000_000
  db = await openOutboxDb(`test-${(names += 1)}`)
})
afterEach(() => {
  for (const outbox of open.splice(0)) outbox.stop()
  db.close()
  vi.useRealTimers()
})

describe('outbox', () => {
  it('sends in the order of writing, each once, and forgets what is recorded', async () => {
    const outbox = tab()
    await Promise.all(['一', '二', '三', '四'].map((words) => outbox.add('r1', text(words), 0)))
    await settle()
    expect(court.record).toEqual(['一', '二', '三', '四'])
    expect(await outbox.list('r1')).toEqual([])
    expect(court.requests).toBe(4)
  })

  it('keeps order behind a dead network and tries with the same key', async () => {
    const keys: string[] = []
    court.mood = (entry) => (keys.push(entry.key), 'dead')
    const outbox = tab()
    await outbox.add('r1', text('一'), 0)
    await settle()
    await outbox.add('r1', text('二'), 0)
    await settle()
    expect(court.record).toEqual([])
    expect((await outbox.list('r1')).map((one) => one.state)).toEqual(['waiting', 'waiting'])
    court.mood = (entry) => void keys.push(entry.key)
    await outbox.flush('impatient')
    await settle()
    expect(court.record).toEqual(['一', '二'])
    expect(new Set(keys).size).toBe(2)
  })

  it('waits its back-off and not a moment less', async () => {
    court.mood = () => ({ ok: false, status: 503, code: 'busy', detail: '' })
    const outbox = tab()
    await outbox.add('r1', text('一'), 0)
    await settle()
    expect(court.requests).toBe(1)
    await outbox.flush()
    expect(court.requests).toBe(1)
    now += 500
    await outbox.flush()
    expect(court.requests).toBe(2)
    expect((await outbox.list('r1'))[0]!.nextAt).toBe(now + 1000)
  })

  it('an answer lost on the way is asked for again and recorded once', async () => {
    let first = true
    court.mood = () => (first ? ((first = false), 'dead after recording') : undefined)
    const outbox = tab()
    await outbox.add('r1', text('只说一次'), 0)
    await settle()
    await outbox.flush('impatient')
    await settle()
    expect(court.requests).toBe(2)
    expect(court.record).toEqual(['只说一次'])
    expect(await outbox.list('r1')).toEqual([])
  })

  it('survives a reload, also one in the middle of a request', async () => {
    court.mood = () => 'dead'
    const before = tab()
    await before.add('r1', text('一'), 0)
    await before.add('r1', text('二'), 0)
    await settle()
    before.stop()
    const entry = (await before.list('r1'))[0]!
    await db.put('outbox', { ...entry, state: 'sending' })
    court.mood = () => undefined
    const after = tab()
    await after.flush('impatient')
    await settle()
    expect(court.record).toEqual(['一', '二'])
    expect([...court.byKey.keys()]).toContain(entry.key)
  })

  it('a refusal marks the message and lets the next one through', async () => {
    court.mood = (entry) => (entry.body.text === '二' ? refused : undefined)
    const outbox = tab()
    for (const words of ['一', '二', '三']) await outbox.add('r1', text(words), 0)
    await settle()
    expect(court.record).toEqual(['一', '三'])
    const [failed] = await outbox.list('r1')
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'not_open', detail: '异步审理尚未启动。' } })
    const requests = court.requests
    await outbox.flush('impatient')
    expect(court.requests).toBe(requests)
  })

  it('a refused message can be sent again at the end, with its own key, or thrown away', async () => {
    court.mood = () => refused
    const outbox = tab()
    const one = await outbox.add('r1', text('一'), 0)
    const two = await outbox.add('r1', text('二'), 0)
    await settle()
    await outbox.remove(two.key)
    court.mood = () => undefined
    await outbox.resend(one.key)
    await settle()
    expect(court.record).toEqual(['一'])
    expect([...court.byKey.keys()]).toEqual([one.key])
    expect(await outbox.list('r1')).toEqual([])
  })

  it('two tabs send each message once and in order', async () => {
    const left = tab()
    const right = tab()
    await Promise.all([
      left.add('r1', text('一'), 0),
      right.add('r1', text('二'), 0),
      left.add('r1', text('三'), 0),
      left.flush(),
      right.flush(),
    ])
    await settle()
    await Promise.all([left.flush('impatient'), right.flush('impatient')])
    await settle()
    expect([...court.record].sort()).toEqual(['一', '三', '二'].sort())
    expect(court.record.indexOf('一')).toBeLessThan(court.record.indexOf('三'))
    expect(court.requests).toBe(3)
  })

  it('one room that waits does not hold up another', async () => {
    court.mood = (entry) => (entry.room === 'r1' ? 'dead' : undefined)
    const outbox = tab()
    await outbox.add('r1', text('一'), 0)
    await outbox.add('r2', text('二'), 0)
    await settle()
    expect(court.record).toEqual(['二'])
  })

  it('another person at the same browser neither sees nor sends them', async () => {
    court.mood = () => 'dead'
    const first = tab()
    await first.add('r1', text('我的话'), 0)
    await settle()
    first.stop()
    court.mood = () => undefined
    const second = tab({ owner: 'p2' })
    await second.flush('impatient')
    await settle()
    expect(await second.list('r1')).toEqual([])
    expect(court.record).toEqual([])
  })

  it('the end of the session blames nobody and stops the queue', async () => {
    const loggedOut = vi.fn()
    court.mood = () => ({ ok: false, status: 401, code: 'not_logged_in', detail: '' })
    const outbox = tab({ loggedOut })
    await outbox.add('r1', text('一'), 0)
    await settle()
    expect(loggedOut).toHaveBeenCalledOnce()
    expect((await outbox.list('r1'))[0]!.state).toBe('waiting')
  })

  it('clear leaves nothing, whoever wrote it', async () => {
    court.mood = () => 'dead'
    await tab().add('r1', text('一'), 0)
    const other = tab({ owner: 'p2' })
    await other.add('r2', text('二'), 0)
    await settle()
    expect(await other.unsent()).toBe(1)
    await other.clear()
    expect(await db.count('outbox')).toBe(0)
  })
})

describe('outbox with files', () => {
  const photo = { name: '借条.jpg', size: 3, type: 'image/jpeg', lastModified: 1, blob: new Blob(['abc']) }

  it('an upload does not hold up words, and is said when it has arrived', async () => {
    let arrive: (blob: string) => void = () => undefined
    const upload: OutboxDeps['upload'] = () =>
      new Promise((done) => {
        arrive = (blob) => done({ ok: true, blob })
      })
    const outbox = tab({ upload })
    await outbox.addFile('r1', { kind: 'speech.photo' }, 0, photo)
    await outbox.add('r1', text('照片马上到'), 0)
    await settle()
    expect(court.record).toEqual(['照片马上到'])
    arrive('blob-1')
    await settle()
    expect(court.record).toEqual(['照片马上到', 'blob-1'])
    expect(await outbox.list('r1')).toEqual([])
  })

  it('an upload broken by a reload goes on from its address, with the bytes kept here', async () => {
    const upload: OutboxDeps['upload'] = async (_entry, { save }) => {
      await save((file) => {
        file.url = '/api/uploads/u1'
        file.sent = 2
      })
      throw new TypeError('network')
    }
    const before = tab({ upload })
    await before.addFile('r1', { kind: 'speech.photo' }, 0, photo)
    await settle()
    before.stop()
    const seen: Entry[] = []
    const after = tab({ upload: async (entry) => (seen.push(entry), { ok: true, blob: 'u1' }) })
    await after.flush('impatient')
    await settle()
    expect(seen[0]!.file).toMatchObject({ url: '/api/uploads/u1', sent: 2 })
    expect(await seen[0]!.file!.blob!.text()).toBe('abc')
    expect(court.record).toEqual(['u1'])
  })

  it('a paused or lost upload waits for its author', async () => {
    const answers: ('paused' | 'lost')[] = ['paused', 'lost']
    const upload = vi.fn<NonNullable<OutboxDeps['upload']>>(async () => answers.shift() ?? { ok: true, blob: 'b' })
    const outbox = tab({ upload })
    const entry = await outbox.addFile('r1', { kind: 'speech.photo' }, 0, photo)
    await outbox.pauseUpload(entry.key)
    await settle()
    const calls = upload.mock.calls.length
    await outbox.flush('impatient')
    expect(upload.mock.calls.length).toBe(calls)
    await outbox.resumeUpload(entry.key)
    await settle()
    expect((await outbox.list('r1'))[0]!.file!.lost).toBe(true)
    await outbox.resumeUpload(entry.key, new Blob(['abc']))
    await settle()
    expect(court.record).toEqual(['b'])
  })

  it('pausing or removing stops the upload that is under way', async () => {
    const ended: string[] = []
    const upload: OutboxDeps['upload'] = (entry, { signal }) =>
      new Promise((done) => {
        signal.addEventListener('abort', () => {
          ended.push(entry.file!.name)
          done('paused')
        })
      })
    const outbox = tab({ upload })
    const first = await outbox.addFile('r1', { kind: 'speech.photo' }, 0, photo)
    const second = await outbox.addFile('r1', { kind: 'speech.photo' }, 0, { ...photo, name: '二.jpg' })
    await settle()
    await outbox.pauseUpload(first.key)
    await settle()
    await outbox.remove(second.key)
    await settle()
    expect(ended).toEqual(['借条.jpg', '二.jpg'])
    expect((await outbox.list('r1')).map((one) => one.file!.paused)).toEqual([true])
    expect(court.record).toEqual([])
  })

  it('a file that another tab holds is left to it, the next one is brought', async () => {
    const outbox = tab({
      upload: async (entry) => (entry.file!.name === '大.mp4' ? 'elsewhere' : { ok: true, blob: 'b' }),
    })
    await outbox.addFile('r1', { kind: 'speech.video' }, 0, { ...photo, name: '大.mp4' })
    await outbox.addFile('r1', { kind: 'speech.photo' }, 0, photo)
    await settle()
    expect(court.record).toEqual(['b'])
    const [left] = await outbox.list('r1')
    expect(left!.state).toBe('uploading')
    expect(left!.file!.lost).toBeUndefined()
  })

  it('a file the court refuses is told with its reason; sending again starts a new upload', async () => {
    const tooBig = { ok: false, status: 413, code: 'too_big', detail: '照片不能超过 50 MB。' } as const
    const seen: Entry[] = []
    let answer: Awaited<ReturnType<NonNullable<OutboxDeps['upload']>>> = tooBig
    const outbox = tab({
      upload: async (entry, { save }) => {
        seen.push(entry)
        await save((file) => (file.url = '/api/uploads/u1'))
        return answer
      },
    })
    const entry = await outbox.addFile('r1', { kind: 'speech.photo' }, 0, photo)
    await settle()
    expect((await outbox.list('r1'))[0]).toMatchObject({ state: 'failed', error: { code: 'too_big' } })
    answer = { ok: true, blob: 'u2' }
    await outbox.resend(entry.key)
    await settle()
    expect(seen[1]!.file!.url).toBeUndefined()
    expect(seen[1]!.file!.uploadKey).not.toBe(seen[0]!.file!.uploadKey)
    expect(court.record).toEqual(['u2'])
  })
})

describe('verdict and pause', () => {
  it('tells the server’s trouble from a refusal', () => {
    const of = (status: number) => verdict({ ok: false, status, code: '', detail: '' })
    expect([500, 502, 503, 408, 425, 429].map(of)).toEqual(Array(6).fill('again'))
    expect([400, 403, 404, 409, 413, 415, 422].map(of)).toEqual(Array(7).fill('failed'))
    expect(of(401)).toBe('stop')
  })

  it('doubles from half a second to half a minute, and obeys Retry-After', () => {
    expect([1, 2, 3, 6, 7, 20].map((tries) => pause(tries))).toEqual([500, 1000, 2000, 16000, 30000, 30000])
    expect(pause(1, 60)).toBe(60_000)
  })
})
