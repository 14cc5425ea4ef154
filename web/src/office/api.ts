import { call } from '@/api/client'
import type { Id } from '@/api/types'
import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type Oversight = Schemas['OversightView']
export type StaffRow = Schemas['StaffView']
export type StaffWish = Schemas['StaffWish']
export type Invited = Schemas['Invited']
export type PanelView = Schemas['PanelView']
export type PanelMember = Schemas['PanelMember']
export type PanelWish = Schemas['PanelWish']
export type Candidate = Schemas['Candidate']

export const listOversight = () => call<Oversight[]>('GET', '/api/oversight')
export const oversee = (number: string, reason: string, key: string) => call<Schemas['OversightOpened']>('POST', '/api/oversight', { body: { number, reason }, key })

export const getPanel = (id: Id) => call<PanelView>('GET', `/api/cases/${id}/panel`)
export const listSuccessors = (id: Id, leaves: Id) => call<Candidate[]>('GET', `/api/cases/${id}/panel/successors`, { query: { leaves } })
export const changePanel = (id: Id, wish: PanelWish, key: string) => call<undefined>('POST', `/api/cases/${id}/panel`, { body: wish, key })

export const listStaff = (q: string) => call<StaffRow[]>('GET', '/api/staff', { query: { q: q || undefined } })
export const inviteStaff = (wish: StaffWish, key: string) => call<Invited>('POST', '/api/staff', { body: wish, key })
export const endStaff = (id: Id) => call<undefined>('POST', `/api/staff/${id}/end`)
export const acceptOffice = (code: string) => call<Schemas['Accepted']>('POST', '/api/staff/accept', { body: { code } })

export type Feedback = Schemas['FeedbackView']
export type QueuedFeedback = Schemas['FeedbackInQueue']

export const listFeedback = () => call<Feedback[]>('GET', '/api/feedback')
export const giveFeedback = (text: string, pictures: Id[], key: string) => call<Schemas['FeedbackTaken']>('POST', '/api/feedback', { body: { text, pictures }, key })
export const listFeedbackQueue = (answered: boolean) => call<QueuedFeedback[]>('GET', '/api/feedback/queue', { query: { answered: String(answered) } })
export const answerFeedback = (id: Id, text: string, key: string) => call<undefined>('POST', `/api/feedback/${id}/answer`, { body: { text }, key })
export const pictureUrl = (id: Id, n: number) => `/api/feedback/${id}/pictures/${n}`
