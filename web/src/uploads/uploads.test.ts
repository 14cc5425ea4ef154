// @vitest-environment node
import { describe, expect, it } from 'vitest'
import type { UploadOptions } from 'tus-js-client'
import type { Entry, FilePart } from '../outbox/entry'
import { sizeWord, sortFile } from './kind'
import { nextPart } from './parts'
import { clock, voiceName, voiceType } from './recorder'
import { createUploader, type UploadDeps } from '../outbox/upload'

const MB = 1024 * 1024

describe('the kind of a file', () => {
  const sort = (name: string, type: string, size = 1) => sortFile({ name, type, size })

  it('is read from the type, and from the name when the type says nothing', () => {
    expect(sort('a.jpg', 'image/jpeg')).toEqual({ ok: true, kind: 'speech.photo' })
    expect(sort('a.MOV', '')).toEqual({ ok: true, kind: 'speech.video' })
    expect(sort('合同.docx', 'application/octet-stream')).toEqual({ ok: true, kind: 'speech.document' })
    expect(sort('r.webm', 'audio/webm;codecs=opus')).toEqual({ ok: true, kind: 'speech.voice' })
    expect(sort('r.webm', 'video/webm')).toEqual({ ok: true, kind: 'speech.video' })
  })

  it('is refused when the court takes no such thing', () => {
    expect(sort('a.heic', 'image/heic')).toEqual({ ok: false, why: 'unknown_type' })
    expect(sort('a.svg', 'image/svg+xml')).toEqual({ ok: false, why: 'unknown_type' })
    expect(sort('a.exe', '')).toEqual({ ok: false, why: 'unknown_type' })
    expect(sort('a.pdf', 'application/pdf', 0)).toEqual({ ok: false, why: 'empty' })
  })

  it('is refused past its limit and taken at it', () => {
    expect(sort('a.jpg', 'image/jpeg', 50 * MB).ok).toBe(true)
    expect(sort('a.jpg', 'image/jpeg', 50 * MB + 1)).toEqual({ ok: false, why: 'too_big', limit: '50 MB' })
    expect(sort('a.pdf', 'application/pdf', 200 * MB + 1)).toEqual({ ok: false, why: 'too_big', limit: '200 MB' })
    expect(sort('a.mp4', 'video/mp4', 2048 * MB).ok).toBe(true)
  })

  it('sizes are told for people', () => {
    expect([900, 1536, 640 * 1024, 3.25 * MB, 50 * MB, 2048 * MB].map(sizeWord)).toEqual([
      '900 B',
      '1.5 KB',
      '640 KB',
      '3.3 MB',
      '50 MB',
      '2 GB',
    ])
  })
})

describe('parts', () => {
  it('grow when they go fast, shrink when slow, and stay within bounds', () => {
    expect(nextPart(MB, 100)).toBe(2 * MB)
    expect(nextPart(16 * MB, 100)).toBe(16 * MB)
    expect(nextPart(4 * MB, 2000)).toBe(4 * MB)
    expect(nextPart(4 * MB, 5000)).toBe(2 * MB)
    expect(nextPart(MB, 5000)).toBe(MB)
  })
})

describe('recording', () => {
  it('takes the first form that the browser can make', () => {
    expect(voiceType(() => true)).toBe('audio/webm;codecs=opus')
    expect(voiceType((type) => type.startsWith('audio/mp4'))).toBe('audio/mp4;codecs=mp4a.40.2')
    expect(voiceType((type) => type === 'audio/mp4')).toBe('audio/mp4')
    expect(voiceType(() => false)).toBeNull()
    expect(voiceName('audio/mp4', '20261123-140500')).toBe('语音 20261123-140500.m4a')
    expect(voiceName('audio/webm;codecs=opus', 'x')).toBe('语音 x.webm')
  })

  it('tells lengths', () => {
    expect([0, 42.7, 65, 3723].map(clock)).toEqual(['0:00', '0:42', '1:05', '1:02:03'])
  })
})

describe('upload', () => {
  /** Plays the part of tus-js-client: what it does is given by each test. */
  function client(play: (options: UploadOptions, self: { url: string | null }) => void) {
    return class {
      url: string | null = null
      aborted = false
      constructor(
        readonly file: Blob,
        readonly options: UploadOptions,
      ) {}
      start(): void {
        this.url = this.options.uploadUrl ?? '/api/uploads/u1'
        queueMicrotask(() => play(this.options, this))
      }
      async abort(): Promise<void> {
        this.aborted = true
      }
    }
  }

  function refusal(status: number, body = '') {
    return Object.assign(new Error(`${status}`), {
      originalRequest: {},
      originalResponse: { getStatus: () => status, getBody: () => body, getHeader: () => undefined },
      causingError: null,
    }) as never
  }

  function setting(play: Parameters<typeof client>[0], more: Partial<UploadDeps> = {}) {
    const file: FilePart = { name: '借条.jpg', size: 3, type: 'image/jpeg', lastModified: 1, uploadKey: 'k1', sent: 0 }
    const entry = { key: 'e1', file } as Entry
    const deps: UploadDeps = {
      bytes: () => new Blob(['abc']),
      tabLives: async () => false,
      tus: async () => ({ Upload: client(play) as never }),
      sha256: async () => 'aa',
      view: async (id) => ({ blob: id, sha256: 'aa' }) as never,
      key: () => 'k2',
      progress: () => undefined,
      now: () => 0,
      ...more,
    }
    const abort = new AbortController()
    const save = async (change: (file: FilePart) => void) => (change(file), !file.paused)
    return { run: () => createUploader(deps)(entry, { save, signal: abort.signal }), file, abort }
  }

  const arrives = (options: UploadOptions) => {
    options.onUploadUrlAvailable?.()
    options.onSuccess?.({} as never)
  }

  it('answers the blob when both hashes agree, and writes the address down', async () => {
    const { run, file } = setting(arrives)
    expect(await run()).toEqual({ ok: true, blob: 'u1' })
    expect(file.url).toBe('/api/uploads/u1')
  })

  it('refuses what arrived otherwise than it was sent', async () => {
    const { run } = setting(arrives, { sha256: async () => 'bb' })
    expect(await run()).toMatchObject({ ok: false, code: 'hash_differs' })
  })

  it('does without a hash of its own where the browser cannot make one', async () => {
    const { run } = setting(arrives, { sha256: async () => null })
    expect(await run()).toEqual({ ok: true, blob: 'u1' })
  })

  it('goes on at the address it had', async () => {
    const asked: (string | null | undefined)[] = []
    const { run, file } = setting((options) => (asked.push(options.uploadUrl), arrives(options)))
    file.url = '/api/uploads/u9'
    expect(await run()).toEqual({ ok: true, blob: 'u9' })
    expect(asked).toEqual(['/api/uploads/u9'])
  })

  it('throws what the network did, so that it is tried again', async () => {
    const { run } = setting((options) => options.onError?.(new Error('tus: failed')))
    await expect(run()).rejects.toThrow('tus: failed')
    const busy = setting((options) => options.onError?.(refusal(503)))
    await expect(busy.run()).rejects.toThrow('503')
  })

  it('an expired upload begins anew with a new key', async () => {
    const { run, file } = setting((options) => options.onError?.(refusal(404)))
    file.url = '/api/uploads/u1'
    await expect(run()).rejects.toThrow('404')
    expect(file).toMatchObject({ uploadKey: 'k2', sent: 0 })
    expect(file.url).toBeUndefined()
  })

  it('tells the refusal of a file with the server’s own reason', async () => {
    const body = JSON.stringify({ code: 'type_refused', detail: '不支持这种文件。' })
    const { run } = setting((options) => options.onError?.(refusal(415, body)))
    expect(await run()).toEqual({ ok: false, status: 415, code: 'type_refused', detail: '不支持这种文件。' })
    const dumb = setting((options) => options.onError?.(refusal(413, '<html>')))
    expect(await dumb.run()).toMatchObject({ ok: false, code: 'upload_refused' })
  })

  it('stops when it is paused, here or in another tab', async () => {
    const here = setting(() => undefined)
    const answer = here.run()
    await new Promise((done) => setTimeout(done))
    here.abort.abort()
    expect(await answer).toBe('paused')
    const there = setting((options) => options.onChunkComplete?.(1, 1, 3))
    there.file.paused = true
    expect(await there.run()).toBe('paused')
  })

  it('knows when the bytes are gone and when another tab has them', async () => {
    const gone = setting(arrives, { bytes: () => undefined })
    expect(await gone.run()).toBe('lost')
    const other = setting(arrives, { bytes: () => undefined, tabLives: async () => true })
    other.file.tab = 't2'
    expect(await other.run()).toBe('elsewhere')
  })
})
