import { ApiProblem, readProblem } from './problem'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

export interface CallOptions {
  body?: unknown
  query?: Record<string, string | number | undefined>
  /** Idempotency-Key: the same key on every retry of the same wish. */
  key?: string
  signal?: AbortSignal
  /** The caller shows the login page itself on 401. */
  quiet401?: boolean
}

let onLoggedOut: () => void = () => {}

/** Called once by main.ts: what to do when the server says that the session is over. */
export function whenLoggedOut(then: () => void): void {
  onLoggedOut = then
}

/** A fresh Idempotency-Key. crypto.randomUUID is missing on plain-HTTP hosts, getRandomValues is not. */
export function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const b = crypto.getRandomValues(new Uint8Array(16))
  b[6] = (b[6]! & 0x0f) | 0x40
  b[8] = (b[8]! & 0x3f) | 0x80
  const hex = [...b].map((x) => x.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Calls the API and gives the parsed answer (undefined for 204). Throws ApiProblem, and nothing else. */
export async function call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json, application/problem+json' }
  if (options.key) headers['Idempotency-Key'] = options.key
  let body: string | undefined
  if (options.body !== undefined || method === 'POST' || method === 'PUT') {
    // The server takes mutations as JSON only, also those that say nothing.
    headers['Content-Type'] = 'application/json'
    body = JSON.stringify(options.body ?? {})
  }

  let response: Response
  try {
    response = await fetch(path + queryString(options.query), {
      method,
      headers,
      body,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: options.signal,
    })
  } catch (error) {
    const aborted = error instanceof DOMException && error.name === 'AbortError'
    throw new ApiProblem(0, { code: aborted ? 'aborted' : 'network' })
  }

  if (!response.ok) {
    const problem = await readProblem(response)
    if (problem.status === 401 && problem.code !== 'code_wrong' && !options.quiet401) onLoggedOut()
    throw problem
  }
  if (response.status === 204) return undefined as T
  try {
    const text = await response.text()
    return (text === '' ? undefined : JSON.parse(text)) as T
  } catch {
    throw new ApiProblem(0, { code: 'network' })
  }
}

function queryString(query: CallOptions['query']): string {
  if (!query) return ''
  const pairs = Object.entries(query).filter((pair): pair is [string, string | number] => pair[1] !== undefined)
  if (pairs.length === 0) return ''
  return `?${new URLSearchParams(pairs.map(([k, v]) => [k, String(v)]))}`
}
