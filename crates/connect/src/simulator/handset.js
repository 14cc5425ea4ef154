// A telephone: asks every half second what it shows, and presses keys.
const phone = document.querySelector('.phone')
const own = phone?.dataset.phone
const STATES = {
  idle: '待机',
  ringing: '来电',
  dialling: '正在呼叫',
  talking: '通话中',
  ended: '通话结束',
  refused: '已拒接',
  missed: '未接来电',
  busy: '对方已拒接',
  unanswered: '无人接听',
}
const by = (id) => document.getElementById(id)
const spaced = (number) => number?.replace(/^(021)(\d{4})(\d{4})$/, '$1 $2 $3') ?? ''
const clock = (seconds) => `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`

function show(now) {
  const { state, number, leads, seconds } = now
  const on = ['ringing', 'dialling', 'talking'].includes(state)
  phone.dataset.state = state
  by('state').textContent = STATES[state]
  by('number').textContent = state === 'idle' ? '' : spaced(number)
  by('clock').textContent = seconds === null ? '' : clock(seconds)
  by('answer').hidden = by('refuse').hidden = state !== 'ringing'
  by('hangup').hidden = !(state === 'dialling' || state === 'talking')
  by('dial').hidden = on
  // As when the number has been tapped in the app on this very telephone.
  if (leads && by('wanted').dataset.leads !== leads) {
    by('wanted').value = spaced(leads)
    by('wanted').dataset.leads = leads
  }
}

async function press(key, number = '') {
  by('said').textContent = ''
  const body = JSON.stringify({ phone: own, key, number })
  const answer = await fetch('handset.json', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  if (answer.ok) show(await answer.json())
  else by('said').textContent = await answer.text()
}

async function look() {
  try {
    const answer = await fetch(`handset.json?phone=${encodeURIComponent(own)}`)
    if (answer.ok) show(await answer.json())
  } catch {
    // The demo was stopped; the telephone keeps what it shows.
  }
}

if (own) {
  document.addEventListener('click', (event) => {
    const key = event.target.closest('button[data-key]')?.dataset.key
    if (key) void press(key)
  })
  by('dial').addEventListener('submit', (event) => {
    event.preventDefault()
    void press('dial', by('wanted').value)
  })
  void look()
  setInterval(look, 500)
}
