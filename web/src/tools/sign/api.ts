/** What the tool asks of the court. Apart from the rest, so that it comes with the tool. */
import { call } from '@/api/client'
import type { Id, SignedFile, SignPages, SignWanted } from '@/api/types'

const signPath = (upload: Id) => `/api/tools/signature/${encodeURIComponent(upload)}`
/** The pages of a file that was brought to be signed; an answer that is refused leaves it there. */
export const getSignPages = (upload: Id) => call<SignPages>('GET', signPath(upload))
export const signPageUrl = (upload: Id, n: number) => `${signPath(upload)}/pages/${n}?width=1240`
export const signedFileUrl = (upload: Id) => `${signPath(upload)}/file`
/** Puts my signature on places of it; `step_up_required` names what a code must be asked for. */
export const signFile = (upload: Id, wanted: SignWanted, key: string, signal?: AbortSignal) => call<SignedFile>('POST', signPath(upload), { body: wanted, key, signal })
