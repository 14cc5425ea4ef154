/** The JSON of an `application/problem+json` answer. */
export interface ProblemBody {
  type?: string
  title?: string
  status?: number
  code?: string
  detail?: string
  instance?: string
  [more: string]: unknown
}

/** A refusal by the server, or (status 0) an answer that never came. */
export class ApiProblem extends Error {
  /** Stable, for programs: `code_wrong`, `network`, … */
  readonly code: string
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  /** For people, in Chinese. */
  readonly detail: string
  /** Seconds, from `Retry-After`; null when the server named none. */
  readonly retryAfter: number | null
  /** The server's request id, for enquiries. */
  readonly instance: string | null
  /** The whole body, for members such as `challenge` and `bits`. */
  readonly more: ProblemBody

  constructor(status: number, body: ProblemBody, retryAfter: number | null = null) {
    super(body.detail || body.title || body.code || `HTTP ${status}`)
    this.name = 'ApiProblem'
    this.status = status
    this.code = body.code || (status === 0 ? 'network' : `http_${status}`)
    this.detail = body.detail || body.title || fallback(status)
    this.retryAfter = retryAfter
    this.instance = body.instance ?? null
    this.more = body
  }

  /** No answer came, or the server is busy: the same request may succeed later. */
  get passing(): boolean {
    return this.status === 0 || this.status >= 500 || this.status === 429 || this.status === 408
  }
}

/** Turns whatever was thrown into an ApiProblem, so that every page can show it. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  return new ApiProblem(0, { code: 'unexpected', detail: '页面出现意外情况，请重试。', title: String(error) })
}

/** Reads a failed answer. Never throws: a body that is no problem document still gives a problem. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const text = await response.text().catch(() => '')
  let body: ProblemBody = {}
  try {
    const parsed: unknown = JSON.parse(text)
    if (parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)) body = parsed as ProblemBody
  } catch {
    // A proxy's HTML page, or nothing at all: the status alone must do.
  }
  return new ApiProblem(response.status, body, seconds(response.headers.get('Retry-After')))
}

/** `Retry-After` is a number of seconds or a date. */
function seconds(value: string | null): number | null {
  if (value === null || value.trim() === '') return null
  if (/^\d+$/.test(value.trim())) return Number(value)
  const date = Date.parse(value)
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - Date.now()) / 1000))
}

function fallback(status: number): string {
  if (status === 0) return '网络连接不上，请检查网络后重试。'
  if (status === 401) return '登录已失效，请重新登录。'
  if (status === 403) return '您没有办理这一操作的权限。'
  if (status === 404) return '没有找到您要看的内容，或者您无权查看。'
  if (status === 429) return '操作太频繁，请稍后再试。'
  if (status >= 500) return '服务器暂时繁忙，请稍后再试。'
  return '操作没有成功，请重试。'
}
