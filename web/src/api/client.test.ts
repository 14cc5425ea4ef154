import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { call, newKey, whenLoggedOut } from './client'
import { noteServerNow, serverNow } from './clock'
import { ApiProblem, asProblem } from './problem'

const answers = vi.fn<typeof fetch>()
beforeEach(() => {
  answers.mockReset()
  vi.stubGlobal('fetch', answers)
})
afterEach(() => {
  vi.unstubAllGlobals()
  whenLoggedOut(() => {})
})

const problem = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  })

const refused = async (promise: Promise<unknown>): Promise<ApiProblem> => {
  const error: unknown = await promise.then(
    () => null,
    (e: unknown) => e,
  )
  if (!(error instanceof ApiProblem)) throw new Error('no ApiProblem was thrown')
  return error
}

describe('call', () => {
  it('sends mutations as JSON with their key, from the same origin, uncached', async () => {
    answers.mockResolvedValue(new Response('{"seq":1}', { status: 201 }))
    expect(await call('POST', '/api/x', { body: { a: 1 }, key: 'k1' })).toEqual({ seq: 1 })
    const [url, init] = answers.mock.calls[0]!
    expect(url).toBe('/api/x')
    expect(init).toMatchObject({ method: 'POST', credentials: 'same-origin', cache: 'no-store', body: '{"a":1}' })
    expect(init?.headers).toMatchObject({ 'Content-Type': 'application/json', 'Idempotency-Key': 'k1' })
  })

  it('sends an empty object where a mutation says nothing', async () => {
    answers.mockResolvedValue(new Response(null, { status: 204 }))
    expect(await call('POST', '/api/logout')).toBeUndefined()
    expect(answers.mock.calls[0]![1]).toMatchObject({ body: '{}' })
  })

  it('writes queries and leaves out what is not given', async () => {
    answers.mockImplementation(async () => new Response('[]'))
    await call('GET', '/api/acts', { query: { after: 0, limit: undefined, q: '借条 & 欠条' } })
    expect(answers.mock.calls[0]![0]).toBe(`/api/acts?${new URLSearchParams({ after: '0', q: '借条 & 欠条' })}`)
  })

  it('gives code, sentence, wait and further members of a problem', async () => {
    answers.mockResolvedValue(
      problem(429, { code: 'sms_too_often', detail: '请求太频繁。', instance: 'r-7', bits: 18 }, { 'Retry-After': '42' }),
    )
    const p = await refused(call('POST', '/api/login/code', { body: {} }))
    expect(p).toMatchObject({ status: 429, code: 'sms_too_often', detail: '请求太频繁。', retryAfter: 42, instance: 'r-7', passing: true })
    expect(p.more.bits).toBe(18)
  })

  it('speaks Chinese also when the answer is no problem document', async () => {
    answers.mockResolvedValue(problem(502, '<html>Bad Gateway</html>'))
    const p = await refused(call('GET', '/api/rooms'))
    expect(p).toMatchObject({ status: 502, code: 'http_502', passing: true })
    expect(p.detail).toMatch(/服务器/)
  })

  it('tells a lost network from a refusal', async () => {
    answers.mockRejectedValue(new TypeError('Failed to fetch'))
    expect(await refused(call('GET', '/api/rooms'))).toMatchObject({ status: 0, code: 'network', passing: true })
    answers.mockResolvedValue(problem(403, { code: 'not_open', detail: '尚未启动。' }))
    expect((await refused(call('GET', '/api/rooms'))).passing).toBe(false)
  })

  it('treats an answer that breaks off as a lost network', async () => {
    answers.mockResolvedValue(new Response('{"seq":', { status: 200 }))
    expect((await refused(call('GET', '/api/rooms'))).code).toBe('network')
  })

  it('reports the end of the session, but not a wrong code or a quiet question', async () => {
    const out = vi.fn()
    whenLoggedOut(out)
    answers.mockResolvedValueOnce(problem(401, { code: 'code_wrong' }))
    await refused(call('POST', '/api/login', { body: {} }))
    answers.mockResolvedValueOnce(problem(401, { code: 'not_logged_in' }))
    await refused(call('GET', '/api/me', { quiet401: true }))
    expect(out).not.toHaveBeenCalled()
    answers.mockResolvedValueOnce(problem(401, { code: 'not_logged_in' }))
    await refused(call('GET', '/api/rooms'))
    expect(out).toHaveBeenCalledOnce()
  })
})

describe('newKey', () => {
  it('is a UUID, also where the browser has no randomUUID', () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
    expect(newKey()).toMatch(uuid)
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
    const [a, b] = [newKey(), newKey()]
    expect(a).toMatch(uuid)
    expect(a).not.toBe(b)
  })
})

describe('clock', () => {
  it('counts from the server, not from the device', () => {
    noteServerNow(new Date(Date.now() + 3_600_000).toISOString())
    expect(serverNow() - Date.now()).toBeGreaterThan(3_590_000)
    noteServerNow('nonsense')
    expect(serverNow() - Date.now()).toBeGreaterThan(3_590_000)
    noteServerNow(new Date().toISOString())
  })
})

it('asProblem keeps problems and names the rest', () => {
  const p = new ApiProblem(409, { code: 'stale' })
  expect(asProblem(p)).toBe(p)
  expect(asProblem(new Error('boom'))).toMatchObject({ code: 'unexpected', status: 0 })
})
