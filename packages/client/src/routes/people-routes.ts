/** Routes for signing up, logging in and out, and for the keys of programs. */
import { z } from 'zod'
import { ApiKeyView, CreatedApiKey, CurrentSession, LogIn, NewApiKey, Session, SignUp } from '../schemas/index.js'
import { Nothing, route } from './route-contract.js'

export const peopleRoutes = {
  signUp: route({ name: 'signUp', method: 'POST', path: '/auth/sign-up', access: 'public', budget: 'logIn', tag: 'people', summary: 'Creates a person and logs them in.', body: SignUp, answer: Session, status: 201 }),
  logIn: route({ name: 'logIn', method: 'POST', path: '/auth/log-in', access: 'public', budget: 'logIn', tag: 'people', summary: 'Begins a session.', body: LogIn, answer: Session }),
  logOut: route({ name: 'logOut', method: 'POST', path: '/auth/log-out', access: 'public', budget: 'read', tag: 'people', summary: 'Ends the session, its sockets included.', answer: Nothing }),
  session: route({ name: 'session', method: 'GET', path: '/auth/session', access: 'public', budget: 'read', tag: 'people', summary: 'Who is logged in.', answer: CurrentSession }),
  apiKeys: route({ name: 'apiKeys', method: 'GET', path: '/api-keys', access: 'account', budget: 'read', tag: 'API keys', summary: "One's API keys.", answer: z.array(ApiKeyView) }),
  createApiKey: route({ name: 'createApiKey', method: 'POST', path: '/api-keys', access: 'account', needs: ['verified', 'proof'], budget: 'wallet', tag: 'API keys', summary: 'Makes an API key; its secret is shown this once.', body: NewApiKey, answer: CreatedApiKey, status: 201 }),
  revokeApiKey: route({
    name: 'revokeApiKey',
    method: 'DELETE',
    path: '/api-keys/:key',
    access: 'account',
    budget: 'wallet',
    tag: 'API keys',
    summary: 'Ends an API key at once, its open sockets included.',
    params: z.strictObject({ key: z.string().max(100) }),
    answer: Nothing,
  }),
} as const
