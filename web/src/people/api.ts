/** What the court is asked about who somebody is. */
import { call, newKey } from '@/api/client'
import { ApiProblem, readProblem } from '@/api/problem'
import type { components } from '@/api/schema'
import type { CodeSent, Id } from '@/api/types'

type Schemas = components['schemas']
export type Identity = Schemas['Identity']
export type Attempt = Schemas['AttemptView']
export type DocumentKind = Schemas['DocumentType']
export type Review = Schemas['ReviewRow']
export type ReviewDetail = Schemas['ReviewDetail']
export type Part = 'front' | 'back' | 'video'

const attempts = '/api/identity/verifications'
const reviews = '/api/identity/reviews'

export const getIdentity = () => call<Identity>('GET', '/api/me/identity')
export const begin = (who: Schemas['BeginVerification'], key = newKey()) => call<{ id: Id }>('POST', attempts, { body: who, key })
export const askCode = (id: Id) => call<CodeSent>('POST', `${attempts}/${id}/code`)
export const showCode = (id: Id, code: string) => call<void>('PUT', `${attempts}/${id}/code`, { body: { code } })
export const beginFace = (id: Id) => call<{ url: string }>('POST', `${attempts}/${id}/face`)
export const faceResult = (id: Id) => call<Attempt>('POST', `${attempts}/${id}/face/result`)
export const submitReview = (id: Id, body: Schemas['SubmitReview']) => call<Attempt>('POST', `${attempts}/${id}/review`, { body })
export const accept = (id: Id, version: string, sha256: string) => call<void>('POST', `${attempts}/${id}/acceptance`, { body: { version, sha256 } })

export const listReviews = (decided: boolean) => call<Review[]>('GET', reviews, { query: decided ? { decided: 'true' } : undefined })
export const openReview = (id: Id, reason: string) => call<ReviewDetail>('POST', `${reviews}/${id}/open`, { body: { reason } })
export const decideReview = (id: Id, outcome: 'approve' | 'reject', reason: string) => call<void>('POST', `${reviews}/${id}/decision`, { body: { outcome, reason } })

/** A picture or the video, as an address that this page alone can open. */
export async function reviewFile(id: Id, part: Part, signal?: AbortSignal): Promise<string> {
  const response = await fetch(`${reviews}/${id}/files/${part}`, { credentials: 'same-origin', cache: 'no-store', signal }).catch(() => {
    throw new ApiProblem(0, { code: 'network' })
  })
  if (!response.ok) throw await readProblem(response)
  return URL.createObjectURL(await response.blob())
}
