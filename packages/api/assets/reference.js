// Sends what the forms of the reference say, and shows what came back.
for (const form of document.querySelectorAll('form[data-method]')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    send(form).catch((error) => show(form, String(error)))
  })
}

async function send(form) {
  const { method, path } = form.dataset
  let address = path
  const query = new URLSearchParams()
  for (const input of form.querySelectorAll('input')) {
    if (input.dataset.in === 'path') address = address.replace(`{${input.name}}`, encodeURIComponent(input.value))
    else if (input.value !== '') query.set(input.name, input.value)
  }
  const search = query.toString()
  const token = document.getElementById('token').value.trim()
  const body = form.querySelector('textarea')?.value
  const headers = {}
  if (token !== '') headers.authorization = `Bearer ${token}`
  if (body !== undefined) headers['content-type'] = 'application/json'
  show(form, 'Sending ...')
  const answer = await fetch(address + (search === '' ? '' : `?${search}`), { method, headers, ...(body === undefined ? {} : { body }) })
  show(form, `${answer.status} ${answer.statusText}\n\n${readable(await answer.text())}`)
}

function readable(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function show(form, text) {
  const place = form.querySelector('pre')
  place.hidden = false
  place.textContent = text
}

// A link to a route opens what hides it.
addEventListener('hashchange', reveal)
reveal()

function reveal() {
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView()
}
