import { type RouteLocationNormalized, type RouteLocationRaw, createRouter, createWebHistory } from 'vue-router'
import { asProblem } from '@/api/problem'
import { useSession } from '@/stores/session'
import { t } from '@/words'

declare module 'vue-router' {
  interface RouteMeta {
    /** Words key of the page's title. */
    title: string
    /** Which tab or rail item is lit. */
    tab?: 'home' | 'messages' | 'cases' | 'schedule' | 'me'
    /** Shows the tab bar on phones. The rail is shown on every page for those who are logged in. */
    bar?: boolean
    /** Open to those who are not logged in. */
    open?: boolean
    /** Needs no chosen capacity. */
    anyRole?: boolean
    /** No rail: the page stands alone. */
    bare?: boolean
  }
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', component: () => import('@/home/HomePage.vue'), meta: { title: 'home.title', tab: 'home', bar: true } },
    { path: '/messages', component: () => import('@/messages/MessagesPage.vue'), meta: { title: 'messages.title', tab: 'messages', bar: true } },
    { path: '/me/subscriptions', component: () => import('@/me/SubscriptionsPage.vue'), meta: { title: 'inbox.subscriptions.title', tab: 'me', anyRole: true } },
    { path: '/me/identity', component: () => import('@/people/IdentityPage.vue'), meta: { title: 'people.title', tab: 'me', anyRole: true } },
    { path: '/identity/reviews', component: () => import('@/people/ReviewsPage.vue'), meta: { title: 'people.reviews.title', tab: 'me' } },
    { path: '/me/consents', component: () => import('@/standing/MyConsentsPage.vue'), meta: { title: 'me.consents', tab: 'me', anyRole: true } },
    { path: '/me/domicile', component: () => import('@/standing/DomicilePage.vue'), meta: { title: 'me.domicile', tab: 'me', anyRole: true } },
    { path: '/me/devices', component: () => import('@/standing/DevicesPage.vue'), meta: { title: 'me.devices', tab: 'me', anyRole: true } },
    { path: '/agency', component: () => import('@/standing/AgencyPage.vue'), meta: { title: 'me.agency', tab: 'me', anyRole: true } },
    { path: '/agency/queue', component: () => import('@/standing/QueuePage.vue'), meta: { title: 'me.queue', tab: 'cases' } },
    { path: '/me', component: () => import('@/me/MePage.vue'), meta: { title: 'me.title', tab: 'me', bar: true } },
    { path: '/documents', component: () => import('@/documents/DocumentsPage.vue'), meta: { title: 'me.documents', tab: 'me' } },
    { path: '/cases', component: () => import('@/cases/CasesPage.vue'), meta: { title: 'cases.title', tab: 'cases' } },
    { path: '/cases/missing', component: () => import('@/cases/MissingPage.vue'), meta: { title: 'cases.missing.title', tab: 'cases', anyRole: true } },
    { path: '/cases/missing/inbox', component: () => import('@/cases/MissingInboxPage.vue'), meta: { title: 'cases.missing.inbox.title', tab: 'cases' } },
    { path: '/cases/:id', component: () => import('@/cases/CasePage.vue'), props: true, meta: { title: 'cases.view.title', tab: 'cases' } },
    { path: '/cases/:id/agency', component: () => import('@/standing/AgencyPage.vue'), props: true, meta: { title: 'me.agency', tab: 'cases' } },
    { path: '/cases/:id/schedule', component: () => import('@/cases/SchedulePage.vue'), props: true, meta: { title: 'cases.schedule.title', tab: 'schedule' } },
    { path: '/cases/:id/dossier', component: () => import('@/dossier/DossierPage.vue'), props: true, meta: { title: 'cases.dossier', tab: 'cases' } },
    { path: '/schedule', component: () => import('@/cases/SchedulePickPage.vue'), meta: { title: 'cases.schedule.title', tab: 'schedule' } },
    { path: '/rooms/:id', component: () => import('@/room/RoomPage.vue'), props: true, meta: { title: 'room.title', tab: 'messages' } },
    { path: '/rooms/:id/consents', component: () => import('@/standing/ConsentsPage.vue'), props: true, meta: { title: 'me.served', tab: 'messages' } },
    { path: '/rooms/:id/search', component: () => import('@/find/FindPage.vue'), props: true, meta: { title: 'find.title', tab: 'messages' } },
    { path: '/rooms/:id/search/dates', component: () => import('@/find/FindDatesPage.vue'), props: true, meta: { title: 'find.dates.title', tab: 'messages' } },
    { path: '/me/acts', component: () => import('@/proof/OwnActsPage.vue'), meta: { title: 'me.acts', tab: 'me' } },
    { path: '/verify', component: () => import('@/proof/VerifyPage.vue'), meta: { title: 'me.verify', tab: 'me', open: true } },
    { path: '/oversight', component: () => import('@/office/OversightPage.vue'), meta: { title: 'office.oversight.title', tab: 'me' } },
    { path: '/staff', component: () => import('@/office/StaffPage.vue'), meta: { title: 'office.staff.title', tab: 'me' } },
    { path: '/office', component: () => import('@/office/AcceptPage.vue'), meta: { title: 'office.accept.title', tab: 'me', anyRole: true } },
    { path: '/feedback/queue', component: () => import('@/office/FeedbackQueuePage.vue'), meta: { title: 'office.feedback.queue', tab: 'me' } },
    { path: '/me/feedback', component: () => import('@/office/FeedbackPage.vue'), meta: { title: 'office.feedback.title', tab: 'me', anyRole: true } },
    { path: '/me/terms', component: () => import('@/office/TermsPage.vue'), meta: { title: 'office.terms.title', tab: 'me', anyRole: true } },
    { path: '/me/updates', component: () => import('@/office/UpdatesPage.vue'), meta: { title: 'office.updates.title', tab: 'me', anyRole: true } },
    { path: '/tools', component: () => import('@/tools/ToolsPage.vue'), meta: { title: 'tools.title', tab: 'home', open: true } },
    { path: '/tools/text', component: () => import('@/tools/TextPage.vue'), meta: { title: 'tools.text.title', tab: 'home', anyRole: true } },
    { path: '/tools/sign', component: () => import('@/tools/sign/SignPage.vue'), meta: { title: 'sign.title', tab: 'home', anyRole: true } },
    { path: '/tools/:tool', component: () => import('@/reckon/ToolPage.vue'), props: true, meta: { title: 'reckon.title', tab: 'home', open: true } },
    { path: '/laws', component: () => import('@/lookup/LawsPage.vue'), meta: { title: 'lookup.laws.title', tab: 'home', open: true } },
    { path: '/laws/:code/:article?', component: () => import('@/lookup/LawPage.vue'), props: true, meta: { title: 'lookup.laws.title', tab: 'home', open: true } },
    { path: '/courts', component: () => import('@/lookup/CourtsPage.vue'), meta: { title: 'lookup.courts.title', tab: 'home', open: true } },
    { path: '/ask', component: () => import('@/lookup/AskPage.vue'), meta: { title: 'lookup.ask.title', tab: 'home', open: true } },
    { path: '/guide', component: () => import('@/guide/GuidePage.vue'), meta: { title: 'guide.title', tab: 'home', open: true } },
    { path: '/login', component: () => import('@/login/LoginPage.vue'), meta: { title: 'login.title', open: true, bare: true } },
    { path: '/capacity', component: () => import('@/login/CapacityPage.vue'), meta: { title: 'login.capacity.title', anyRole: true, bare: true } },
    { path: '/:path(.*)*', component: () => import('@/parts/NotFoundPage.vue'), meta: { title: 'common.notFound.title', open: true } },
  ],
  scrollBehavior(to, from, saved) {
    if (saved) return saved
    if (to.hash) return { el: to.hash, top: 64 }
    return to.path === from.path ? false : { top: 0 }
  },
})

/** A path inside this app to return to after login; anything else is refused (no open redirect). */
export function safeBack(value: unknown): string {
  if (typeof value !== 'string' || !value.startsWith('/') || /^\/[/\\]/.test(value)) return '/'
  return value.startsWith('/login') || value.startsWith('/capacity') ? '/' : value
}

router.beforeEach(async (to) => {
  const session = useSession()
  try {
    await session.load()
  } catch (error) {
    // No answer: the page is opened and shows its own error with a retry; only a refusal leads to the login page.
    if (!to.meta.open && asProblem(error).status === 401) return loginFor(to)
    return true
  }
  if (!session.me) return to.meta.open ? true : loginFor(to)
  if (to.path === '/login') return afterLogin(session.me.role, to.query.back)
  if (!session.me.role && !to.meta.anyRole && !to.meta.open) return { path: '/capacity', query: backTo(to) }
  return true
})

router.afterEach((to, from, failure) => {
  if (failure) return
  setTitle(t(to.meta.title))
  if (from.matched.length > 0 && to.path !== from.path) focusHeading()
})

/** The title of the page in the browser; pages with a better one (a case number) set it when they know it. */
export function setTitle(page: string): void {
  document.title = t('common.title', { page })
}

/** After a change of page the heading takes the focus, so that a screen reader says where one is. */
function focusHeading(tries = 20, before = document.activeElement): void {
  requestAnimationFrame(() => {
    // Whoever has moved on meanwhile stays where they are.
    if (document.activeElement !== before && document.activeElement !== document.body) return
    const heading = document.querySelector<HTMLElement>('[data-page-heading]')
    if (heading) heading.focus({ preventScroll: true })
    else if (tries > 0) focusHeading(tries - 1, before)
  })
}

/** Where somebody is led who has logged in: where they wanted to go, after they have chosen a capacity if that needs one. */
export function afterLogin(role: string | null | undefined, back: unknown): RouteLocationRaw {
  const wanted = safeBack(back)
  if (role || router.resolve(wanted).meta.anyRole) return wanted
  return { path: '/capacity', query: wanted === '/' ? {} : { back: wanted } }
}

export function loginFor(to: RouteLocationNormalized) {
  return { path: '/login', query: backTo(to) }
}

function backTo(to: RouteLocationNormalized): Record<string, string> {
  const back = safeBack(to.fullPath)
  return back === '/' ? {} : { back }
}
